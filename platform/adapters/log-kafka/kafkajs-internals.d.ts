/** What kafkajs 2.2.4 has inside and does not type. It is pinned, and no longer developed. */
declare module 'kafkajs/src/cluster/index.js' {
  import type { Cluster } from './protocol.ts'

  const ClusterClass: new (options: Record<string, unknown>) => Cluster
  export default ClusterClass
}

declare module 'kafkajs/src/loggers/index.js' {
  export function createLogger(options: { level: number; logCreator: () => () => void }): unknown
}

declare module 'kafkajs/src/network/socketFactory.js' {
  export default function socketFactory(): unknown
}
