import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { s3Space } from '../../tests/support/s3.ts'
import { objectsContract } from '../ports/objects.contract.ts'
import { S3Objects } from './objects-s3.ts'

async function openBuckets(): Promise<S3Objects> {
  const objects = new S3Objects(s3Space())
  await objects.makeBuckets()
  return objects
}

objectsContract('s3', openBuckets, {
  'the beginning of a key is no object': 'the file system behind S3Proxy answers 500 for a key that is a folder',
})

describe('objects on S3', () => {
  test('buckets are made once', async () => {
    const objects = new S3Objects(s3Space())
    assert.equal((await objects.makeBuckets()).made.length, 3)
    assert.deepEqual((await objects.makeBuckets()).made, [])
  })

  test('a missing bucket is an outage that says what to do', async () => {
    const objects = new S3Objects(s3Space())
    await assert.rejects(objects.check(), { code: 'OBJECTS_UNAVAILABLE', message: /sentinel buckets apply/ })
  })

  test('an object of many parts comes back whole', async () => {
    const objects = await openBuckets()
    const body = randomBytes(20 * 1024 * 1024)
    await objects.put('sentinel-models', 'large', body)
    assert.ok(body.equals((await objects.get('sentinel-models', 'large'))!))
    assert.equal((await objects.head('sentinel-models', 'large'))!.bytes, body.length)
  })

  test('a link gives the object to whoever has it, and nothing to who changes it', async () => {
    const objects = await openBuckets()
    await objects.put('sentinel-clips', 'a/b.jpg', Buffer.from('picture'))
    const link = await objects.link('sentinel-clips', 'a/b.jpg', 60)
    assert.equal(await (await fetch(link)).text(), 'picture')
    assert.equal((await fetch(link.replace('b.jpg', 'c.jpg'))).status, 403)
  })

  test('a wrong secret is an outage, not a missing object', async () => {
    const objects = new S3Objects(s3Space().replace('sentinel-secret', 'another-secret'))
    await assert.rejects(objects.get('sentinel-clips', 'a'), { code: 'OBJECTS_UNAVAILABLE', retryable: true })
  })

  test('a server that is not there is an outage, after a few attempts', async () => {
    const objects = new S3Objects('s3://a:b@127.0.0.1:1/?ssl=false')
    await assert.rejects(objects.get('sentinel-clips', 'a'), { code: 'OBJECTS_UNAVAILABLE', retryable: true })
  })
})
