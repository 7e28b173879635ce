import { PICTURE } from '../cameras.ts'
import type { Answer, FrameHead, Request } from '../protocol.ts'
import { type Frame, Stage } from './stage.ts'

/** The page's side of the conversation: a request by text, its answer by text or, with pixels, in binary. */
const stage = new Stage(document.createElement('canvas'), PICTURE.width, PICTURE.height)
const socket = new WebSocket(`ws://${location.host}/`)

socket.onmessage = ({ data }) => {
  try {
    answer(JSON.parse(data) as Request)
  } catch (error) {
    say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function answer(request: Request): void {
  if ('moment' in request) {
    socket.send(packed(stage.take(request.moment)))
    return
  }
  stage.show(request.view)
  say({ ready: true })
}

const say = (message: Answer): void => socket.send(JSON.stringify(message))

function packed({ pixels, sightings }: Frame): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify({ sightings } satisfies FrameHead))
  const message = new Uint8Array(4 + head.length + pixels.length)
  new DataView(message.buffer).setUint32(0, head.length, true)
  message.set(head, 4)
  message.set(pixels, 4 + head.length)
  return message
}
