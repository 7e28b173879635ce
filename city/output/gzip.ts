import { gunzipSync, gzipSync } from 'node:zlib'

const OS_BYTE = 9
const OS_UNKNOWN = 255

/** The same bytes for the same text on every machine: no time, and no name of the operating system (RFC 1952, 2.3). */
export function stableGzip(text: string): Buffer {
  const bytes = gzipSync(text, { level: 9 })
  bytes[OS_BYTE] = OS_UNKNOWN
  return bytes
}

export const gunzip = (bytes: Uint8Array): string => gunzipSync(bytes).toString()
