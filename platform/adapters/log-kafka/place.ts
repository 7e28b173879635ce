import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { KafkaConfig, SASLOptions } from 'kafkajs'
import { z } from 'zod'

export interface KafkaPlace {
  readonly config: KafkaConfig
  /** Before the names of topics and groups, where several Sentinels share a cluster. */
  readonly prefix: string
}

const CONNECT_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 30_000
const DEFAULT_PORT = 9092

const Query = z.strictObject({
  ssl: z.enum(['true', 'false'], 'ssl is true or false').default('false'),
  sasl: z.enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'sasl is plain, scram-sha-256 or scram-sha-512').optional(),
  /** Files of PEM: the authority that signed the brokers' certificates, and this client's own for mutual TLS. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  clientId: z.string().default('sentinel'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/, 'prefix has letters, digits, ".", "_" and "-" only')
    .default(''),
})
type Query = z.infer<typeof Query>

/**
 * Reads `kafka://[user:password@]broker[:9092][,broker…][/?ssl=true&sasl=scram-sha-512&ca=FILE&cert=FILE&key=FILE&prefix=P]`.
 *
 * @throws Error that says what is wrong, without the credentials.
 */
export function readPlace(url: string): KafkaPlace {
  const [, credentials, hosts, search] = /^kafka:\/\/(?:([^@/?]*)@)?([^/?]+)\/?(?:\?(.*))?$/i.exec(url) ?? []
  if (!hosts) throw new Error('it has the form kafka://broker1:9092,broker2:9092/?ssl=true&sasl=scram-sha-512')
  const query = readQuery(search ?? '')
  const sasl = saslOf(credentials, query)
  const config: KafkaConfig = {
    brokers: hosts.split(',').map(withPort),
    clientId: query.clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 6 },
    ...(query.ssl === 'true' && { ssl: tlsOf(query) }),
    ...(sasl && { sasl }),
  }
  return { config, prefix: query.prefix }
}

function readQuery(search: string): Query {
  const { data, error } = Query.safeParse(Object.fromEntries(new URLSearchParams(search)))
  if (data) return data
  throw new Error(error.issues.map(({ message }) => message).join('; '))
}

function withPort(broker: string): string {
  if (/^[A-Za-z0-9._-]+$/.test(broker)) return `${broker}:${DEFAULT_PORT}`
  if (/^[A-Za-z0-9._-]+:\d+$/.test(broker)) return broker
  throw new Error(`${JSON.stringify(broker)} is no broker; write NAME or NAME:PORT`)
}

function tlsOf({ ca, cert, key }: Query): ConnectionOptions {
  if ((cert === undefined) !== (key === undefined)) throw new Error('cert and key go together')
  return {
    ...(ca && { ca: [readFileSync(ca, 'utf8')] }),
    ...(cert && key && { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }),
  }
}

function saslOf(credentials: string | undefined, { sasl: mechanism }: Query): SASLOptions | undefined {
  if ((credentials === undefined) !== (mechanism === undefined)) {
    throw new Error('sasl and a user and password before the brokers (user:password@) go together')
  }
  if (credentials === undefined || mechanism === undefined) return undefined
  const [username = '', ...rest] = credentials.split(':')
  return { mechanism, username: decodeURIComponent(username), password: decodeURIComponent(rest.join(':')) }
}
