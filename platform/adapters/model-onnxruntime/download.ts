import { codeOf, messageOf, SentinelError } from '../../errors.ts'
import { fetchHttp, type HttpAnswer } from '../video-nodeav/reading/http.ts'

/** Larger files are no detectors for cameras. */
const MOST_BYTES = 1 << 30
const TELL_EVERY_MS = 1000

/** Bytes so far, and of how many where the server says. */
export type OnProgress = (bytes: number, total: number | undefined) => void

/**
 * A model file from an HTTP server. Where it leads is checked as for cameras, at each redirect.
 *
 * @throws SentinelError `INPUT_INVALID` for what cannot be fetched, with the reason and never with the credentials.
 */
export async function downloadModel(url: string, onProgress: OnProgress): Promise<Uint8Array> {
  try {
    return await bytesOf(await fetchHttp(url, { networks: [], signal: new AbortController().signal }), onProgress)
  } catch (cause) {
    const reason = codeOf(cause) === 'SOURCE_REFUSED' ? 'it leads to a metadata service of a cloud' : messageOf(cause)
    throw new SentinelError('INPUT_INVALID', `Cannot fetch the model: ${reason}. Check the URL.`, { cause })
  }
}

async function bytesOf({ status, headers, body }: HttpAnswer, onProgress: OnProgress): Promise<Uint8Array> {
  const length = Number(headers['content-length'] ?? Number.NaN)
  const total = Number.isFinite(length) ? length : undefined
  try {
    if (status !== 200) throw new Error(`the server answered ${status}`)
    if (total !== undefined && total > MOST_BYTES) throw tooLarge()
    return await collected(body as AsyncIterable<Buffer>, total, onProgress)
  } finally {
    body.destroy()
  }
}

async function collected(body: AsyncIterable<Buffer>, total: number | undefined, onProgress: OnProgress) {
  const chunks: Buffer[] = []
  let [bytes, toldAt] = [0, performance.now()]
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw tooLarge()
    chunks.push(chunk)
    if (performance.now() - toldAt < TELL_EVERY_MS) continue
    toldAt = performance.now()
    onProgress(bytes, total)
  }
  if (total !== undefined && bytes < total) throw new Error(`it ended after ${bytes} of ${total} bytes`)
  return Buffer.concat(chunks)
}

const tooLarge = (): Error => new Error(`it is larger than ${MOST_BYTES >> 20} MiB`)
