import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Address, Security } from './wire.ts'

export const CLIENTS = ['platformatic', 'kafkajs'] as const
export type ClientName = (typeof CLIENTS)[number]

export interface KafkaPlace {
  readonly brokers: readonly Address[]
  readonly security: Security
  /** Before the names of topics and groups, where several Sentinels share a cluster. */
  readonly prefix: string
  /** The package that speaks to the brokers; undefined for whichever fits them. */
  readonly client: ClientName | undefined
}

const DEFAULT_PORT = 9092

const Query = z.strictObject({
  ssl: z.enum(['true', 'false'], 'ssl is true or false').default('false'),
  sasl: z.enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'sasl is plain, scram-sha-256 or scram-sha-512').optional(),
  /** Files of PEM: the authority that signed the brokers' certificates, and this client's own for mutual TLS. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  client: z.enum(CLIENTS, `client is ${CLIENTS.join(' or ')}`).optional(),
  clientId: z.string().default('sentinel'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/, 'prefix has letters, digits, ".", "_" and "-" only')
    .default(''),
})
type Query = z.infer<typeof Query>

/**
 * Reads `kafka://[user:password@]broker[:9092][,broker…][/?ssl=true&sasl=scram-sha-512&ca=FILE&cert=FILE&key=FILE&client=C&prefix=P]`.
 *
 * @throws Error that says what is wrong, without the credentials.
 */
export function readPlace(url: string): KafkaPlace {
  const [, credentials, hosts, search] = /^kafka:\/\/(?:([^@/?]*)@)?([^/?]+)\/?(?:\?(.*))?$/i.exec(url) ?? []
  if (!hosts) throw new Error('it has the form kafka://broker1:9092,broker2:9092/?ssl=true&sasl=scram-sha-512')
  const query = readQuery(search ?? '')
  const security: Security = { clientId: query.clientId, tls: tlsOf(query), sasl: saslOf(credentials, query) }
  return { brokers: hosts.split(',').map(addressOf), security, prefix: query.prefix, client: query.client }
}

function readQuery(search: string): Query {
  const { data, error } = Query.safeParse(Object.fromEntries(new URLSearchParams(search)))
  if (data) return data
  throw new Error(error.issues.map(({ message }) => message).join('; '))
}

function addressOf(broker: string): Address {
  const [, host, port = DEFAULT_PORT] = /^([A-Za-z0-9._-]+)(?::(\d+))?$/.exec(broker) ?? []
  if (!host) throw new Error(`${JSON.stringify(broker)} is no broker; write NAME or NAME:PORT`)
  return { host, port: Number(port) }
}

function tlsOf({ ssl, ca, cert, key }: Query): Security['tls'] {
  if ((cert === undefined) !== (key === undefined)) throw new Error('cert and key go together')
  if (ssl === 'false') return undefined
  return {
    ...(ca && { ca: [readFileSync(ca, 'utf8')] }),
    ...(cert && key && { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }),
  }
}

function saslOf(credentials: string | undefined, { sasl: mechanism }: Query): Security['sasl'] {
  if ((credentials === undefined) !== (mechanism === undefined)) {
    throw new Error('sasl and a user and password before the brokers (user:password@) go together')
  }
  if (credentials === undefined || mechanism === undefined) return undefined
  const [username = '', ...rest] = credentials.split(':')
  return { mechanism, username: decodeURIComponent(username), password: decodeURIComponent(rest.join(':')) }
}
