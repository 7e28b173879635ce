import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { readPlace } from './place.ts'

describe('where Kafka is', () => {
  test('brokers are read with their ports, and without', () => {
    const { brokers, security, prefix, client } = readPlace('kafka://a,b.example:9094/?prefix=city1.')
    assert.deepEqual(brokers, [
      { host: 'a', port: 9092 },
      { host: 'b.example', port: 9094 },
    ])
    assert.deepEqual(security, { clientId: 'sentinel', tls: undefined, sasl: undefined })
    assert.deepEqual([prefix, client], ['city1.', undefined])
  })

  test('a user, a password with reserved characters and a mechanism log in', () => {
    const { security } = readPlace('kafka://me:p%40ss%3A1@a/?sasl=scram-sha-512&ssl=true')
    assert.deepEqual(security.sasl, { mechanism: 'scram-sha-512', username: 'me', password: 'p@ss:1' })
    assert.deepEqual(security.tls, {})
  })

  test('certificates come from files', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-pem-'))
    defer(t, () => rm(folder, { recursive: true }))
    for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder, name), name)
    const files = ['ca', 'cert', 'key'].map((name) => `${name}=${join(folder, name)}`).join('&')
    const { security } = readPlace(`kafka://a/?ssl=true&${files}`)
    assert.deepEqual(security.tls, { ca: ['ca'], cert: 'cert', key: 'key' })
  })

  test('the client can be chosen', () => {
    assert.equal(readPlace('kafka://a/?client=kafkajs').client, 'kafkajs')
    assert.equal(readPlace('kafka://a/?client=platformatic').client, 'platformatic')
  })

  for (const [url, why] of [
    ['kafka://', /it has the form kafka:\/\/broker1/],
    ['kafka://a:b:c', /is no broker/],
    ['kafka://a/?ssl=yes', /ssl is true or false/],
    ['kafka://a/?sasl=plain', /go together/],
    ['kafka://hunter2:hunter2@a', /go together/],
    ['kafka://a/?ssl=true&cert=x', /cert and key go together/],
    ['kafka://a/?prefx=x', /prefx/],
    ['kafka://a/?client=librdkafka', /client is platformatic or kafkajs/],
  ] as const) {
    test(`${url} is refused with the reason`, () => {
      assert.throws(
        () => readPlace(url),
        ({ message }: Error) => {
          assert.match(message, why)
          assert.doesNotMatch(message, /hunter2/)
          return true
        },
      )
    })
  }
})
