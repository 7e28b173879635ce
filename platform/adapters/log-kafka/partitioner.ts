const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** The partition of a key, the same with which every Kafka client begins: murmur2 as in the Java client, over the number of partitions. */
export function partitionOf(key: string, count: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % count
}

/** Of 32 bits, after Austin Appleby's MurmurHash2 with Kafka's seed; signed. */
function murmur2(data: Buffer): number {
  const whole = data.length & ~3
  let h = SEED ^ data.length
  for (let i = 0; i < whole; i += 4) h = Math.imul(h, M) ^ mixed(data.readInt32LE(i))
  // The last up to three bytes, the first of them lowest.
  if (whole < data.length) h = Math.imul(h ^ data.readUIntLE(whole, data.length - whole), M)
  h = Math.imul(h ^ (h >>> 13), M)
  return h ^ (h >>> 15)
}

function mixed(word: number): number {
  const k = Math.imul(word, M)
  return Math.imul(k ^ (k >>> R), M)
}
