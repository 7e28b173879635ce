import type { Pixels } from '../events/image.ts'

/** Looks into pictures that came as JPEG. */
export interface PictureReader {
  /** @throws SentinelError `PICTURE_UNDECODABLE` */
  decode(jpeg: Uint8Array): Promise<Pixels>
}
