import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { openApi } from '../tests/support/api.ts'
import { ask } from '../tests/support/sentinel.ts'
import { clipPath, serve, serveTcp } from '../tests/support/video.ts'

const TEST =
  'mutation ($input: TestCameraInput!) { testCamera(input: $input) { probe { picture width height fps codec ms } errors { code message } } }'

describe('a source is tested before it is saved', () => {
  test('one that works shows its first picture and what it is', async (t) => {
    const { at, database } = await openApi(t)
    const body = await readFile(clipPath)
    const origin = await serve(t, (request, response) => {
      const isKnown = request.headers.authorization === `Basic ${btoa('me:secret')}`
      if (isKnown) response.writeHead(200, { 'content-type': 'video/mp4' }).end(body)
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end()
    })
    const source = `${origin.replace('://', '://me:secret@')}/clip.mp4`
    const { probe, errors } = (await ask(at, TEST, { input: { source } })).data.testCamera
    assert.deepEqual(errors, [])
    assert.deepEqual([probe.width, probe.height, probe.codec], [320, 180, 'h264'])
    assert.match(probe.picture, /^data:image\/jpeg;base64,\/9j\//)
    assert.deepEqual(await database.selectFrom('cameras').selectAll().execute(), [], 'nothing is saved')

    const add =
      'mutation ($source: String!) { addCamera(input: { name: "A", source: $source, enabled: false }) { camera { id source } } }'
    const { camera } = (await ask(at, add, { source })).data.addCamera
    const again = await ask(at, TEST, { input: { source: camera.source, id: camera.id } })
    assert.equal(again.data.testCamera.probe?.width, 320, 'with the password that is stored')
    const without = await ask(at, TEST, { input: { source: camera.source } })
    assert.match(without.data.testCamera.errors[0].message, /password is wrong/)
  })

  test('one that does not is told why, what to do, and never its password', async (t) => {
    const { at } = await openApi(t)
    const silent = await serveTcp(t, (socket) => socket.destroy())
    const page = await serve(t, (_, response) => response.setHeader('content-type', 'text/html').end('<p>Hello</p>'))
    for (const [source, code, words] of [
      ['file:///etc/passwd', 'SOURCE_REFUSED', /operator/],
      ['http://169.254.169.254/latest', 'SOURCE_UNREADABLE', /not allowed here/],
      [`http://me:secret@127.0.0.1:${silent}/x`, 'SOURCE_UNREADABLE', /./],
      [page, 'SOURCE_UNREADABLE', /no video and no picture/],
    ] as const) {
      const { probe, errors } = (await ask(at, TEST, { input: { source } })).data.testCamera
      assert.deepEqual([probe, errors[0].code], [null, code], source)
      assert.match(errors[0].message, words, source)
      assert.doesNotMatch(JSON.stringify(errors), /secret/)
    }
  })
})

test('a schedule is kept as it was given, told, and taken away again; one that cannot be is refused', async (t) => {
  const { at, database } = await openApi(t)
  await database.insertInto('cameras').values({ id: 'c', name: 'C', source: 'rtsp://h/1' }).execute()
  const update = async (schedule: object | null) => {
    const query =
      'mutation ($input: UpdateCameraInput!) { updateCamera(input: $input) { camera { isWatched schedule { timeZone windows { days from to } } } errors { code message } } }'
    return (await ask(at, query, { input: { id: 'c', schedule } })).data.updateCamera
  }
  const windows = (from: string) => [{ days: ['MON', 'SUN'], from, to: '09:00' }]
  const kept = { timeZone: 'Europe/Berlin', windows: windows('07:00') }
  assert.deepEqual((await update(kept)).camera.schedule, kept)
  assert.equal((await update({ timeZone: 'UTC', windows: windows('7 am') })).errors[0].code, 'INPUT_INVALID')
  assert.deepEqual((await update(null)).camera, { isWatched: true, schedule: null })
})
