import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../platform/adapters/system-clock.ts'
import { registerModel } from '../platform/models/register.ts'
import { addItem, openApi } from '../tests/support/api.ts'
import { model } from '../tests/support/detections.ts'
import { ask } from '../tests/support/sentinel.ts'

describe('mutations', () => {
  test('tell what is wrong as a result, and never the password', async (t) => {
    const { at } = await openApi(t)
    const add = (source: string) =>
      ask(
        at,
        'mutation ($source: String!) { addCamera(input: { name: "A", source: $source }) { camera { source } errors { code message } } }',
        { source },
      )
    const { data } = await add('rtsp://admin:hunter2@10.0.0.9/1')
    assert.deepEqual(data.addCamera, { camera: { source: 'rtsp://10.0.0.9/1' }, errors: [] })
    const refused = (await add('file:///etc/passwd')).data.addCamera
    assert.equal(refused.camera, null)
    assert.equal(refused.errors[0].code, 'SOURCE_REFUSED')
  })

  test('an import tells each bad row', async (t) => {
    const { at } = await openApi(t)
    const catalogue = JSON.stringify([{ name: 'A', source: 'rtsp://h/1' }, { name: 'B' }])
    const query =
      'mutation ($catalogue: String!) { importCameras(input: { catalogue: $catalogue }) { added rejected { row reason said { reason blanks { name value } } } errors { code } } }'
    const { data } = await ask(at, query, { catalogue })
    assert.deepEqual([data.importCameras.added, data.importCameras.rejected[0].row], [1, 2])
    assert.equal(data.importCameras.rejected[0].said.length, 1)
  })

  const RECORD =
    'mutation ($input: RecordVerdictInput!) { recordVerdict(input: $input) { item { status } errors { code message } } }'

  test('a verdict stands once, can be undone, and each step is an event', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    const record = (verdict: string, boxes?: object[]) =>
      ask(at, RECORD, { input: { itemId: 'review-1', verdict, boxes } })
    assert.equal((await record('CONFIRM')).data.recordVerdict.item.status, 'CONFIRMED')
    assert.equal((await record('REJECT')).data.recordVerdict.errors[0].code, 'CONFLICT')
    const undo = () =>
      ask(at, 'mutation { undoVerdict(input: { itemId: "review-1" }) { item { status } errors { code } } }')
    assert.equal((await undo()).data.undoVerdict.item.status, 'OPEN')
    assert.equal((await undo()).data.undoVerdict.errors[0].code, 'CONFLICT')
    const types = (await database.selectFrom('outbox').selectAll().orderBy('sequence').execute()).map(
      ({ headers }) => headers.ce_type,
    )
    const [recorded, resolved, withdrawn] = ['verdict.recorded', 'review.resolved', 'verdict.withdrawn'].map(
      (name) => `sentinel.${name}.v1`,
    )
    assert.deepEqual(types, [recorded, resolved, withdrawn, resolved])
  })

  test('of two people who decide at once one does', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    const both = await Promise.all(
      ['REJECT', 'SKIP'].map((verdict) => ask(at, RECORD, { input: { itemId: 'review-1', verdict } })),
    )
    assert.equal(both.filter(({ data }) => data.recordVerdict.item).length, 1)
    assert.equal(both.filter(({ data }) => data.recordVerdict.errors[0]?.code === 'CONFLICT').length, 1)
  })

  test('boxes must lie in the picture, and a correction needs them', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    const codes = []
    for (const boxes of [
      undefined,
      [{ class: 'car', x: 0.9, y: 0, width: 0.2, height: 0.1 }],
      [{ class: '', x: 0, y: 0, width: 0.2, height: 0.1 }],
    ]) {
      const { data } = await ask(at, RECORD, { input: { itemId: 'review-1', verdict: 'CORRECT', boxes } })
      codes.push(data.recordVerdict.errors[0].code)
    }
    assert.deepEqual(codes, ['INPUT_INVALID', 'INPUT_INVALID', 'INPUT_INVALID'])
  })

  test('a class that the model does not know is refused with those that it does', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    const info = {
      ...model,
      family: 'yolox',
      classes: ['car', 'bus'],
      inputWidth: 416,
      inputHeight: 416,
      provider: 'cpu',
    }
    await registerModel({ database, clock: systemClock }, info)
    const boxes = [{ class: 'carr', x: 0, y: 0, width: 0.2, height: 0.1 }]
    const { data } = await ask(at, RECORD, { input: { itemId: 'review-1', verdict: 'CORRECT', boxes } })
    assert.match(data.recordVerdict.errors[0].message, /“carr” is no class.*car, bus/)
  })

  test('a confirmation without boxes certifies those of the item', async (t) => {
    const { at, database } = await openApi(t)
    await addItem(database)
    await ask(at, RECORD, { input: { itemId: 'review-1', verdict: 'CONFIRM' } })
    const { boxes } = await database.selectFrom('verdicts').select('boxes').executeTakeFirstOrThrow()
    assert.deepEqual(boxes, [{ class: 'car', box: [0.1, 0.2, 0.3, 0.4] }])
  })

  test('an item that is not there is a result too', async (t) => {
    const { at } = await openApi(t)
    const { data } = await ask(at, RECORD, { input: { itemId: 'nobody', verdict: 'SKIP' } })
    assert.deepEqual([data.recordVerdict.item, data.recordVerdict.errors[0].code], [null, 'NOT_FOUND'])
  })
})
