import ipaddr from 'ipaddr.js'

/** Cloud metadata services: they hand credentials to whoever asks from inside. */
const METADATA = ['169.254.169.254', '169.254.170.2', '100.100.100.200', 'fd00:ec2::254']

/**
 * Whether a camera may be at this IP address: never at a metadata service, and where networks are listed (CIDR), only
 * inside one of them.
 */
export function addressAllowed(address: string, networks: readonly string[]): boolean {
  const ip = ipaddr.process(address)
  if (METADATA.some((metadata) => ipaddr.process(metadata).toString() === ip.toString())) return false
  if (networks.length === 0) return true
  return networks.some((network) => {
    const [range, bits] = ipaddr.parseCIDR(network)
    return range.kind() === ip.kind() && ip.match(range, bits)
  })
}
