import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib'
import { check, Scaler, toPixels } from '../../platform/adapters/pictures/codec.ts'
import type { Pixels } from '../../platform/events/image.ts'

export interface DecodedFrame {
  /** From 0, in the order in which they are shown. */
  readonly number: number
  /** Seconds. */
  readonly time: number
  readonly pixels: Pixels
}

/** Every frame of a video file, as fast as it is wanted. */
export async function* decodeFile(path: string): AsyncGenerator<DecodedFrame> {
  const input = new FormatContext()
  const context = new CodecContext()
  const [packet, frame, scaler] = [new Packet(), new Frame(), new Scaler()]
  packet.alloc()
  frame.alloc()
  let number = 0
  try {
    input.allocContext()
    check(await input.openInput(path, null, null), `Opening ${path}`)
    check(await input.findStreamInfo(null), 'Looking for video')
    const index = check(input.findBestStream(AVMEDIA_TYPE_VIDEO), 'Looking for video')
    const { codecpar, timeBase } = input.streams[index]!
    const codec = Codec.findDecoder(codecpar.codecId)!
    context.allocContext3(codec)
    check(context.parametersToContext(codecpar), 'Opening the decoder')
    check(await context.open2(codec, null), 'Opening the decoder')
    for (let isMore = true; isMore; packet.unref()) {
      isMore = (await input.readFrame(packet)) >= 0
      if (isMore && packet.streamIndex !== index) continue
      context.sendPacketSync(isMore ? packet : null)
      while (context.receiveFrameSync(frame) >= 0) {
        const time = (Number(frame.bestEffortTimestamp) * timeBase.num) / timeBase.den
        yield { number: number++, time, pixels: toPixels(frame, scaler) }
        frame.unref()
      }
    }
  } finally {
    scaler.close()
    context.freeContext()
    frame.free()
    packet.free()
    input.closeInputSync()
  }
}
