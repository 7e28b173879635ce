import type { TopicPartition } from './wire.ts'
import { byTopic } from './wire.ts'

/** As Kafka's own consumers write them, so that its tools can read our groups. */
const VERSION = 1

export interface Subscription {
  readonly topics: readonly string[]
  /** Of the protocol by which a group assigns. */
  readonly userData: Buffer
}

export interface Assigned {
  readonly partitions: readonly TopicPartition[]
  readonly userData: Buffer
}

/** What a member says when it joins: ConsumerProtocolSubscription. What it owns stands in the user data, not in Kafka's own field. */
export function encodeSubscription({ topics, userData }: Subscription): Buffer {
  return Buffer.concat([int16(VERSION), array(topics, string), bytes(userData), int32(0)])
}

export function decodeSubscription(buffer: Buffer): Subscription {
  const input = new Input(buffer)
  input.int16()
  return { topics: input.array(() => input.string()), userData: input.bytes() }
}

/** What the leader gives a member: ConsumerProtocolAssignment. */
export function encodeAssignment({ partitions, userData }: Assigned): Buffer {
  const topics = byTopic(partitions, ({ partition }) => partition)
  const written = array(topics, ({ topic, partitions: indexes }) =>
    Buffer.concat([string(topic), array(indexes, int32)]),
  )
  return Buffer.concat([int16(VERSION), written, bytes(userData)])
}

/** @returns undefined for a member that the leader did not know of. */
export function decodeAssignment(buffer: Buffer): Assigned | undefined {
  if (buffer.length === 0) return undefined
  const input = new Input(buffer)
  input.int16()
  const topics = input.array(() => ({ topic: input.string(), indexes: input.array(() => input.int32()) }))
  const partitions = topics.flatMap(({ topic, indexes }) => indexes.map((partition) => ({ topic, partition })))
  return { partitions, userData: input.bytes() }
}

/** Reads what the writers below wrote, front to back. */
class Input {
  readonly #buffer: Buffer
  #at = 0

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  int16(): number {
    this.#at += 2
    return this.#buffer.readInt16BE(this.#at - 2)
  }

  int32(): number {
    this.#at += 4
    return this.#buffer.readInt32BE(this.#at - 4)
  }

  string(): string {
    return this.#take(this.int16()).toString()
  }

  /** Empty where there are none. */
  bytes(): Buffer {
    return this.#take(Math.max(0, this.int32()))
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read)
  }

  #take(length: number): Buffer {
    this.#at += length
    return this.#buffer.subarray(this.#at - length, this.#at)
  }
}

function int16(value: number): Buffer {
  const out = Buffer.alloc(2)
  out.writeInt16BE(value)
  return out
}

function int32(value: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeInt32BE(value)
  return out
}

function string(value: string): Buffer {
  const content = Buffer.from(value)
  return Buffer.concat([int16(content.length), content])
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([int32(value.length), value])
}

function array<T>(values: readonly T[], write: (value: T) => Buffer): Buffer {
  return Buffer.concat([int32(values.length), ...values.map(write)])
}
