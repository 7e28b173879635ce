import type { KeptFrame } from '../../events/api/kept-frame.ts'
import { saveFile } from '../save-file.ts'
import { paint } from '../worker/paint.ts'
import type { Overlay } from '../worker/protocol.ts'
import { Trails } from '../worker/trails.ts'

/** Saves a kept picture as a file: as the camera gave it, or with what was seen in it. */
export async function saveKept(frame: KeptFrame, withBoxes: boolean, overlay: Overlay): Promise<void> {
  const response = await fetch(frame.imageUrl!)
  if (!response.ok) return
  const jpeg = await response.blob()
  if (!withBoxes) return saveFile(jpeg, `${frame.id}.jpg`)
  const picture = await createImageBitmap(jpeg)
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  const boxes = frame.boxes.map(({ class: name, score, trackId, x, y, width, height }) => ({
    class: name,
    score,
    ...(trackId !== null && { trackId }),
    box: [x, y, width, height] as const,
  }))
  const scene = { picture, boxes, trails: new Trails(), zones: [], isFull: true }
  paint(canvas.getContext('2d', { alpha: false })!, scene, overlay)
  picture.close()
  saveFile(await canvas.convertToBlob({ type: 'image/png' }), `${frame.id}-boxes.png`)
}
