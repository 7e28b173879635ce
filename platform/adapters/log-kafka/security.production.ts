import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { KafkaServer } from '../../../tests/servers/kafka.ts'
import { topics } from '../../events/topics.ts'
import { lagOf } from '../../hosts/metrics.ts'
import { KafkaLog } from './kafka-log.ts'
import { CLIENTS } from './place.ts'
import { applyTopics } from './topics.ts'

const USER = 'sentinel'
const PASSWORD = 'p/w: @1'
const TOPIC = 'events.cameras'

/** An authority of its own, and for each name a certificate that it has signed. */
function certificates(folder: string, names: readonly string[]): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const authority = ['-subj', '/CN=authority', '-days', '1', '-nodes', '-keyout', 'ca-key.pem', '-out', 'ca.pem']
  openssl('req', '-x509', '-newkey', 'rsa:2048', ...authority)
  for (const name of names) {
    const files = ['-nodes', '-keyout', `${name}-key.pem`, '-out', `${name}.csr`]
    openssl('req', '-newkey', 'rsa:2048', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', ...files)
    const signed = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca-key.pem',
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-days',
      '1',
    ]
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`)
  }
}

describe('a broker that asks for TLS, a certificate, and SASL/SCRAM', () => {
  let folder: string
  let server: KafkaServer
  const at = (name: string): string => encodeURIComponent(join(folder, name))
  const urlWith = (user: string, query: string): string =>
    `kafka://${user}@${server.broker}/?ssl=true&sasl=scram-sha-512&${query}`
  const user = `${USER}:${encodeURIComponent(PASSWORD)}`
  const whole = (): string => `ca=${at('ca.pem')}&cert=${at('client.pem')}&key=${at('client-key.pem')}`

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-kafka-security-'))
    certificates(folder, ['broker', 'client'])
    const keystore = join(folder, 'keystore.pem')
    await writeFile(
      keystore,
      (await readFile(join(folder, 'broker-key.pem'), 'utf8')) + (await readFile(join(folder, 'broker.pem'), 'utf8')),
    )
    server = await KafkaServer.start({ user: USER, password: PASSWORD, keystore, authority: join(folder, 'ca.pem') })
  })
  after(async () => {
    await server?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  for (const client of CLIENTS) {
    test(`takes topics, records, groups and commits from whoever has all three, by ${client}`, async () => {
      const url = urlWith(user, `${whole()}&client=${client}&prefix=${client}.`)
      const one = { [TOPIC]: { ...topics[TOPIC], partitions: 2 } }
      await applyTopics(url, { topics: one, groups: [{ group: 'g', topics: [TOPIC] }] })
      const log = new KafkaLog(url)
      try {
        await log.produce(TOPIC, [{ key: 'a', value: Buffer.from('x'), headers: {} }])
        const member = await log.join({ group: 'g', topics: [TOPIC] })
        const [record] = await member.fetch(1, AbortSignal.timeout(60_000))
        await member.commit([{ topic: TOPIC, partition: record!.partition, offset: record!.offset + 1 }])
        await member.leave()
        assert.equal(await lagOf(log, 'g'), 0)
      } finally {
        await log.close()
      }
    })

    for (const [what, name, query] of [
      ['a wrong password', `${USER}:wrong`, whole],
      ['an unknown user', 'nobody:x', whole],
      ['no certificate of its own', user, () => `ca=${at('ca.pem')}`],
      ['an authority that it does not know', user, () => `cert=${at('client.pem')}&key=${at('client-key.pem')}`],
    ] as const) {
      test(`refuses ${what}: an outage with advice, which tells no password, by ${client}`, async () => {
        const log = new KafkaLog(urlWith(name, `${query()}&client=${client}`))
        try {
          await assert.rejects(log.check(), ({ code, message }: Error & { code: string }) => {
            assert.equal(code, 'LOG_UNAVAILABLE')
            assert.doesNotMatch(message, /p\/w|wrong/)
            return /Correct the user and password|tried again/.test(message)
          })
        } finally {
          await log.close()
        }
      })
    }
  }
})
