import { lookup as dnsLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { addressAllowed } from '../../../cameras/addresses.ts'
import { SentinelError } from '../../../errors.ts'

/** The name or address in a URL, without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** For sockets: names lead only to addresses where cameras may be. Addresses are not looked up; see `assertAllowed`. */
export function checkedLookup(networks: readonly string[]): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const allowed = addresses.filter(({ address }) => addressAllowed(address, networks))
      if (allowed.length === 0) return callback(refused(), '', 0)
      if (options.all) return callback(null, allowed)
      callback(null, allowed[0]!.address, allowed[0]!.family)
    })
  }
}

/** @throws SentinelError `SOURCE_REFUSED` for a host that is an address where cameras may not be. */
export function assertAllowed(host: string, networks: readonly string[]): void {
  if (isIP(host) && !addressAllowed(host, networks)) throw refused()
}

function refused(): SentinelError {
  return new SentinelError(
    'SOURCE_REFUSED',
    'Cameras may not be at this address (SENTINEL_SOURCE_NETWORKS says where they may)',
  )
}
