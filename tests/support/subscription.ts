import { inspect } from 'node:util'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import type { Started } from './sentinel.ts'

export interface Subscribed {
  /** Rejects when the subscription breaks; never resolves. */
  readonly broken: Promise<never>
  close(): Promise<void>
}

/** Hears a GraphQL subscription of a running Sentinel over graphql-transport-ws. */
export function subscribe<Data>(
  { origin, token }: Pick<Started, 'origin' | 'token'>,
  query: string,
  hear: (data: Data) => void,
): Subscribed {
  class Authorised extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { headers: { authorization: `Bearer ${token}` } })
    }
  }
  const client = createClient({ url: `${origin.replace('http', 'ws')}/graphql`, webSocketImpl: Authorised })
  const broken = new Promise<never>((_, reject) => {
    const error = (cause: unknown): void => reject(new Error(`The subscription failed: ${inspect(cause)}`))
    client.subscribe<Data>({ query }, { next: ({ data }) => hear(data!), error, complete: () => {} })
  })
  broken.catch(() => {})
  return { broken, close: async () => client.dispose() }
}
