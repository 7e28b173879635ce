import { SentinelError } from '../../errors.ts'

/** Start of frame: every C-marker but DHT (C4), JPG (C8) and DAC (CC). */
const START_OF_FRAME = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

/** Markers that stand alone, without a length. */
const isLone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)

/** Width and height from a JPEG's frame header (ITU-T T.81, B.2.2). @throws SentinelError `PICTURE_UNDECODABLE` */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw undecodable('it is not a JPEG')
  const at = frameHeader(bytes)
  const height = word(bytes, at + 5)
  const width = word(bytes, at + 7)
  if (width === 0 || height === 0) throw undecodable('it has no size')
  return { width, height }
}

function frameHeader(bytes: Uint8Array): number {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) throw undecodable('its markers are broken')
    const marker = bytes[at + 1]!
    if (START_OF_FRAME.has(marker)) return at
    if (marker === 0xff) at += 1
    else at += isLone(marker) ? 2 : 2 + word(bytes, at + 2)
  }
  throw undecodable('it has no frame header')
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

function undecodable(reason: string): SentinelError {
  return new SentinelError('PICTURE_UNDECODABLE', `The picture cannot be read: ${reason}`)
}
