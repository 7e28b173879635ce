import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { BUCKETS, type ObjectStore } from './objects.ts'

const BUCKET = 'sentinel-clips'
const bytes = (text: string): Uint8Array => Buffer.from(text)
const text = (body: Uint8Array | undefined): string | undefined => body && Buffer.from(body).toString()

/**
 * What every object store must do, whoever provides it.
 *
 * @param exceptions titles of tests that the server at hand cannot pass, with the reason.
 */
export function objectsContract(
  name: string,
  open: (t: TestContext) => Promise<ObjectStore>,
  exceptions: Readonly<Record<string, string>> = {},
): void {
  describe(`objects contract: ${name}`, () => {
    test('an object comes back as it was put, and is replaced whole', async (t) => {
      const objects = await open(t)
      await objects.put(BUCKET, 'triage/cam-1/a.jpg', bytes('one'))
      assert.equal(text(await objects.get(BUCKET, 'triage/cam-1/a.jpg')), 'one')
      await objects.put(BUCKET, 'triage/cam-1/a.jpg', bytes('two!'))
      assert.equal(text(await objects.get(BUCKET, 'triage/cam-1/a.jpg')), 'two!')
      const { bytes: size, modifiedAt } = (await objects.head(BUCKET, 'triage/cam-1/a.jpg'))!
      assert.equal(size, 4)
      assert.ok(Math.abs(modifiedAt - Date.now()) < 60_000)
    })

    test('of many that would create an object one does', async (t) => {
      const objects = await open(t)
      const racers = Array.from({ length: 8 }, (_, i) => objects.putIfAbsent(BUCKET, 'once', bytes(`${i}`)))
      const won = await Promise.all(racers)
      assert.equal(won.filter(Boolean).length, 1)
      assert.equal(text(await objects.get(BUCKET, 'once')), `${won.indexOf(true)}`)
    })

    test('asking whether it works leaves nothing behind', async (t) => {
      const objects = await open(t)
      await objects.check()
      for (const bucket of BUCKETS) assert.deepEqual(await Array.fromAsync(objects.list(bucket, '')), [])
    })

    test('what is not there is undefined, and deleting it is no error', async (t) => {
      const objects = await open(t)
      assert.equal(await objects.get(BUCKET, 'a/b'), undefined)
      assert.equal(await objects.head(BUCKET, 'a/b'), undefined)
      await objects.delete(BUCKET, 'a/b')
      assert.deepEqual(await Array.fromAsync(objects.list(BUCKET, '')), [])
    })

    test('the beginning of a key is no object', {
      skip: exceptions['the beginning of a key is no object'] ?? false,
    }, async (t) => {
      const objects = await open(t)
      await objects.put(BUCKET, 'a/b', bytes('x'))
      await objects.delete(BUCKET, 'a')
      for (const key of ['a', 'a/b/c']) {
        assert.equal(await objects.get(BUCKET, key), undefined)
        assert.equal(await objects.head(BUCKET, key), undefined)
      }
      assert.equal(text(await objects.get(BUCKET, 'a/b')), 'x')
    })

    test('a reader sees the old object or the new one, never a part', async (t) => {
      const objects = await open(t)
      const bodies = ['a', 'b'].map((letter) => bytes(letter.repeat(1 << 20)))
      await objects.put(BUCKET, 'k', bodies[0]!)
      const writing = (async () => {
        for (let i = 0; i < 20; i++) await objects.put(BUCKET, 'k', bodies[i % 2]!)
      })()
      const seen = new Set<string>()
      let isWriting = true
      void writing.finally(() => {
        isWriting = false
      })
      while (isWriting) {
        const body = Buffer.from((await objects.get(BUCKET, 'k'))!)
        seen.add(`${body.length} ${body.every((byte) => byte === body[0])}`)
      }
      await writing
      assert.deepEqual([...seen], [`${1 << 20} true`])
      assert.deepEqual(await Array.fromAsync(objects.list(BUCKET, ''), ({ key }) => key), ['k'])
    })

    test('a list is in order of key and keeps to its prefix and bucket', async (t) => {
      const objects = await open(t)
      for (const key of ['b/2', 'a/1', 'b/1', 'b/10']) await objects.put(BUCKET, key, bytes(key))
      await objects.put('sentinel-models', 'b/3', bytes('x'))
      const keys = await Array.fromAsync(objects.list(BUCKET, 'b/'), ({ key }) => key)
      assert.deepEqual(keys, ['b/1', 'b/10', 'b/2'])
    })

    for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', '', 'a/.', '.hidden', 'a\\b', 'a\0b']) {
      test(`the key ${JSON.stringify(key)} reaches nothing`, async (t) => {
        const objects = await open(t)
        await assert.rejects(objects.put(BUCKET, key, bytes('x')), { code: 'NOT_FOUND' })
        await assert.rejects(objects.get(BUCKET, key), { code: 'NOT_FOUND' })
      })
    }
  })
}
