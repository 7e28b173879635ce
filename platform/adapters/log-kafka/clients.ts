import { kindOf } from './failure.ts'
import type { ClientName, KafkaPlace } from './place.ts'
import type { Connect } from './wire.ts'

/** Each client is loaded when it is first used: a process starts with one of them. */
const clients: Readonly<Record<ClientName, Connect>> = {
  platformatic: async (...args) => (await import('./platformatic/broker.ts')).connect(...args),
  kafkajs: async (...args) => (await import('./kafkajs/broker.ts')).connect(...args),
}

/** How the brokers of a place are spoken to. */
export function connectorFor({ client }: KafkaPlace): Connect {
  return client ? clients[client] : fitting()
}

/** The first of the clients, until a broker turns out to be too old for it. */
function fitting(): Connect {
  let connect = clients.platformatic
  return async (...args) => {
    try {
      return await connect(...args)
    } catch (error) {
      if (kindOf(error) !== 'UNSUPPORTED_VERSION' || connect === clients.kafkajs) throw error
      connect = clients.kafkajs
      return connect(...args)
    }
  }
}
