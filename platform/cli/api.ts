import { type ErrorCode, messageOf, SentinelError } from '../errors.ts'
import { addressOf } from '../hosts/local/address.ts'
import { adminToken } from '../hosts/local/secrets.ts'

/** Asks the API. @throws SentinelError `SERVER_UNAVAILABLE` when it does not answer with data. */
export type Ask = <Data>(query: string, variables: Record<string, unknown>) => Promise<Data>

/** The API of the Sentinel that holds the data directory. @throws SentinelError `SERVER_UNAVAILABLE` while it is still starting. */
export async function openApi(directory: string): Promise<Ask> {
  const address = await addressOf(directory)
  if (!address) {
    const message = `The Sentinel on ${directory} is starting or stopping. Try again when it has printed that it is ready.`
    throw new SentinelError('SERVER_UNAVAILABLE', message)
  }
  const token = await adminToken(directory)
  return <Data>(query: string, variables: Record<string, unknown>) => ask<Data>(address, token, query, variables)
}

export const ERRORS = 'errors { code message }'

export interface Payload {
  readonly errors: readonly { readonly code: ErrorCode; readonly message: string }[]
}

/** @throws SentinelError that the server gave as the reason why it did nothing. */
export function succeeded<T extends Payload>(payload: T): T {
  const [error] = payload.errors
  if (error) throw new SentinelError(error.code, error.message)
  return payload
}

async function ask<Data>(
  address: string,
  token: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<Data> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  }).catch((cause: unknown) => {
    throw unanswered(address, messageOf((cause as Error).cause ?? cause))
  })
  const said = await response.text()
  if (!response.headers.get('content-type')?.includes('json')) throw unanswered(address, said.trim())
  const { data, errors } = JSON.parse(said) as { data?: Data; errors?: readonly { readonly message: string }[] }
  if (errors || !data) throw unanswered(address, errors?.[0]?.message ?? said)
  return data
}

function unanswered(address: string, why: string): SentinelError {
  return new SentinelError('SERVER_UNAVAILABLE', `The Sentinel at ${address} did not do it: ${why}`)
}
