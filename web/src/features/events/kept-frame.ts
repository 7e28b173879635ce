import { plainClient } from '../../lib/client.ts'
import { type Direction, type KeptFrame, KeptFrameDocument } from './api/kept-frame.ts'

/**
 * A frame of a camera whose picture is kept for a while; undefined when there is none in that direction.
 *
 * @param at RFC 3339
 * @throws CombinedError
 */
export async function keptFrame(cameraId: string, at: string, direction: Direction): Promise<KeptFrame | undefined> {
  const { data, error } = await plainClient.query(KeptFrameDocument, { cameraId, at, direction }).toPromise()
  if (error) throw error
  return data?.keptFrame?.imageUrl ? data.keptFrame : undefined
}
