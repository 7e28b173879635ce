import protobuf from 'protobufjs'

const LENGTH_DELIMITED = 2

/** What becomes of a field: other bytes, nothing (null), or as it is (undefined). `count` is how many of that number came before. */
export type FieldEdit = (number: number, body: Uint8Array, count: number) => Uint8Array | null | undefined

/**
 * A protocol buffer message with some of its length-delimited fields changed and every other byte as it was, also where its
 * schema is not known (Protocol Buffers encoding, developers.google.com/protocol-buffers/docs/encoding).
 */
export function editFields(message: Uint8Array, edit: FieldEdit): Uint8Array {
  const reader = protobuf.Reader.create(message)
  const counts = new Map<number, number>()
  const parts: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const start = reader.pos
    const tag = reader.uint32()
    const number = tag >>> 3
    if ((tag & 7) !== LENGTH_DELIMITED) {
      reader.skipType(tag & 7)
      parts.push(message.subarray(start, reader.pos))
      continue
    }
    const body = reader.bytes()
    const count = counts.get(number) ?? 0
    counts.set(number, count + 1)
    const edited = edit(number, body, count)
    if (edited === undefined) parts.push(message.subarray(start, reader.pos))
    else if (edited !== null) parts.push(field(number, edited))
  }
  return Buffer.concat(parts)
}

function field(number: number, body: Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | LENGTH_DELIMITED)
    .bytes(body)
    .finish()
}
