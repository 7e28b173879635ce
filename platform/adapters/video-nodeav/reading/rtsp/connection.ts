import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { assertAllowed, checkedLookup, hostOf } from '../addresses.ts'
import { StreamFailure } from '../failure.ts'

const PORT = 554
const TLS_PORT = 322
const CONNECT_WITHIN_MS = 10_000

/**
 * A connection to the server of an `rtsp` or `rtsps` URL, whose address was checked after DNS; encrypted ones with a
 * certificate that is trusted for its name.
 *
 * @throws SentinelError `SOURCE_REFUSED`, StreamFailure, and whatever the network throws.
 */
export function connectTo(url: URL, networks: readonly string[], signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url)
  assertAllowed(host, networks)
  const isTls = url.protocol === 'rtsps:'
  const address = { host, port: Number(url.port) || (isTls ? TLS_PORT : PORT), lookup: checkedLookup(networks) }
  const socket = isTls ? connectTls({ ...address, ...(!isIP(host) && { servername: host }) }) : connectTcp(address)
  return new Promise((resolve, reject) => {
    const giveUp = (error: Error): void => void socket.destroy(error)
    const late = setTimeout(() => giveUp(new StreamFailure('timeout', 'The server does not answer')), CONNECT_WITHIN_MS)
    const onAbort = (): void => giveUp(new StreamFailure('released', 'No longer wanted'))
    const settle = (): void => {
      clearTimeout(late)
      signal.removeEventListener('abort', onAbort)
      socket.off('error', reject)
    }
    signal.addEventListener('abort', onAbort)
    socket.once('error', reject)
    socket.once('close', settle)
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      settle()
      socket.setNoDelay()
      resolve(socket)
    })
  })
}
