import { AV_CODEC_ID_H264 } from 'node-av/constants'
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib'

/** Decodes H.264 that tells everything itself. @returns how many pictures came out, and their size. */
export async function decodePackets(packets: readonly { readonly data: Uint8Array }[]) {
  const codec = Codec.findDecoder(AV_CODEC_ID_H264)!
  const context = new CodecContext()
  context.allocContext3(codec)
  context.threadCount = 1
  await context.open2(codec, null)
  const [packet, frame] = [new Packet(), new Frame()]
  packet.alloc()
  frame.alloc()
  const seen = { pictures: 0, width: 0, height: 0 }
  for (const next of [...packets, undefined]) {
    if (next) packet.data = Buffer.from(next.data)
    await context.sendPacket(next ? packet : null)
    while ((await context.receiveFrame(frame)) >= 0) {
      Object.assign(seen, { pictures: seen.pictures + 1, width: frame.width, height: frame.height })
      frame.unref()
    }
    packet.unref()
  }
  packet.free()
  frame.free()
  context.freeContext()
  return seen
}
