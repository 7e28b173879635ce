/** What kafkajs 2.2.4 has inside and does not type. It is pinned, and no longer developed. */

declare module 'kafkajs/src/broker/index.js' {
  import type { KafkajsBroker } from './protocol.ts'

  const Broker: new (options: Record<string, unknown>) => KafkajsBroker
  export default Broker
}

declare module 'kafkajs/src/network/connectionPool.js' {
  const ConnectionPool: new (options: Record<string, unknown>) => object
  export default ConnectionPool
}

declare module 'kafkajs/src/protocol/message/compression/index.js' {
  const compression: {
    readonly Types: { readonly None: number; readonly ZSTD: number }
    readonly Codecs: Record<number, () => unknown>
  }
  export default compression
}

declare module 'kafkajs/src/loggers/index.js' {
  export function createLogger(options: { level: number; logCreator: () => () => void }): unknown
}

declare module 'kafkajs/src/network/socketFactory.js' {
  export default function socketFactory(): unknown
}
