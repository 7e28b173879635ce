import { fromRecord } from './events/codec.ts'
import type { FrameDetection } from './events/frame.ts'
import { isFrameImage } from './events/image.ts'
import type { Log } from './ports/log.ts'

/** The JPEG of a detected frame, from the log while it still holds it; undefined when it does not. */
export async function pictureOf(
  { frame, frameId }: Pick<FrameDetection, 'frame' | 'frameId'>,
  log: Log,
): Promise<Uint8Array | undefined> {
  const [record] = await log.read('frames', frame.partition, frame.offset, 1)
  const event = record && fromRecord(record)
  if (event?.frameid !== frameId || !isFrameImage(event.data)) return undefined
  return event.data.jpeg()
}
