const START = Buffer.of(0, 0, 0, 1)
const SLICE_OF_KEY_FRAME = 5
const SEQUENCE_PARAMETERS = 7
const VERSION = 1

interface Configuration {
  /** Bytes of the length before each unit; 0 where start codes part them. */
  readonly lengthBytes: number
  /** As they are sent, each behind a start code. */
  readonly parameterSets: Buffer
}

export interface H264Packet {
  readonly data: Buffer
  /** Decoding can begin here: an IDR picture. */
  readonly isKey: boolean
}

/**
 * H.264 (ITU-T H.264, Annex B) out of what a container holds: units behind start codes, and before each key frame the
 * parameter sets, so that a decoder can begin at any of them.
 */
export class AnnexB {
  readonly #configuration: Configuration

  /** @param extradata what the container says beside the packets: an `avcC` box (ISO 14496-15, 5.3.3), or Annex B, or nothing. */
  constructor(extradata: Buffer | null) {
    this.#configuration = extradata?.[0] === VERSION ? configurationOf(extradata) : withStartCodes(extradata)
  }

  /** @returns a copy; undefined for a packet whose lengths do not fit. */
  packet(data: Buffer): H264Packet | undefined {
    const { lengthBytes, parameterSets } = this.#configuration
    const units = lengthBytes > 0 ? unitsByLength(data, lengthBytes) : unitsByStartCode(data)
    if (!units || units.length === 0) return undefined
    const types = units.map((unit) => unit[0]! & 31)
    const isKey = types.includes(SLICE_OF_KEY_FRAME)
    const head = isKey && !types.includes(SEQUENCE_PARAMETERS) ? [parameterSets] : []
    return { isKey, data: Buffer.concat([...head, ...units.flatMap((unit) => [START, unit])]) }
  }
}

/** The codec as RFC 6381 writes it, `avc1.` and profile, constraints and level; undefined for data without parameter sets. */
export function codecOf(annexB: Buffer): string | undefined {
  const parameters = unitsByStartCode(annexB).find((unit) => (unit[0]! & 31) === SEQUENCE_PARAMETERS)
  return parameters && `avc1.${parameters.subarray(1, 4).toString('hex')}`
}

function configurationOf(box: Buffer): Configuration {
  const sets: Buffer[] = []
  let at = 5
  for (const mask of [31, 255]) {
    let count = (box[at++] ?? 0) & mask
    for (; count > 0 && at + 2 <= box.length; count--) {
      const length = box.readUInt16BE(at)
      sets.push(START, box.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  return { lengthBytes: (box[4]! & 3) + 1, parameterSets: Buffer.concat(sets) }
}

function withStartCodes(extradata: Buffer | null): Configuration {
  return { lengthBytes: 0, parameterSets: Buffer.from(extradata ?? []) }
}

function unitsByLength(data: Buffer, lengthBytes: number): Buffer[] | undefined {
  const units: Buffer[] = []
  for (let at = 0; at < data.length; ) {
    if (at + lengthBytes > data.length) return undefined
    const start = at + lengthBytes
    at = start + data.readUIntBE(at, lengthBytes)
    if (at > data.length) return undefined
    if (at > start) units.push(data.subarray(start, at))
  }
  return units
}

/** Start codes are 00 00 01; zeros before one belong to nothing. */
function unitsByStartCode(data: Buffer): Buffer[] {
  const units: Buffer[] = []
  const code = START.subarray(1)
  for (let at = data.indexOf(code); at >= 0; ) {
    const next = data.indexOf(code, at + 3)
    let end = next < 0 ? data.length : next
    while (end > at + 3 && data[end - 1] === 0) end--
    if (end > at + 3) units.push(data.subarray(at + 3, end))
    at = next
  }
  return units
}
