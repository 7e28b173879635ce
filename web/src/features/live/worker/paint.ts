import { colourOf } from '../../../lib/class-colours.ts'
import type { LiveBox, Overlay } from './protocol.ts'
import type { Trails } from './trails.ts'

type Context = OffscreenCanvasRenderingContext2D
type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Fills the canvas with the picture, its shape kept, and draws its boxes where they belong. */
export function paint(
  context: Context,
  picture: ImageBitmap | VideoFrame,
  boxes: readonly LiveBox[],
  overlay: Overlay,
  trails: Trails,
): void {
  const { width, height } = context.canvas
  const own = 'displayWidth' in picture ? { width: picture.displayWidth, height: picture.displayHeight } : picture
  const scale = Math.min(width / own.width, height / own.height)
  const size = { width: own.width * scale, height: own.height * scale }
  const area = { ...size, x: (width - size.width) / 2, y: (height - size.height) / 2 }
  context.fillStyle = '#07090b'
  context.fillRect(0, 0, width, height)
  context.drawImage(picture, area.x, area.y, area.width, area.height)
  // Lines and words grow with the picture, but not as fast.
  const unit = Math.max(1, Math.sqrt(width / 400))
  if (overlay.tracks) for (const box of boxes) paintTrail(context, box, area, unit, trails)
  if (overlay.boxes) for (const box of boxes) paintBox(context, box, area, unit)
  const words = wordsOf(overlay)
  if (words) for (const box of boxes) paintLabel(context, box, area, unit, words(box))
}

function paintTrail(context: Context, { class: name, trackId }: LiveBox, area: Area, unit: number, trails: Trails) {
  if (!trackId) return
  context.beginPath()
  for (const { x, y } of trails.of(trackId)) context.lineTo(area.x + x * area.width, area.y + y * area.height)
  context.lineWidth = 2 * unit
  context.strokeStyle = colourOf(name)
  context.setLineDash([])
  context.globalAlpha = 0.7
  context.stroke()
  context.globalAlpha = 1
}

function paintBox(context: Context, { class: name, trackId, box: [x, y, w, h] }: LiveBox, area: Area, unit: number) {
  context.lineWidth = 1.6 * unit
  context.strokeStyle = colourOf(name)
  context.setLineDash(trackId ? [] : [4 * unit, 3 * unit])
  context.strokeRect(area.x + x * area.width, area.y + y * area.height, w * area.width, h * area.height)
}

/** What a label says; undefined when it says nothing. */
function wordsOf({ labels, confidence }: Overlay): ((box: LiveBox) => string) | undefined {
  if (!labels && !confidence) return undefined
  return ({ class: name, trackId, score }) => {
    const track = trackId ? ` ${trackId.split('-').at(-1)}` : ''
    return [labels && name + track, confidence && `${Math.round(score * 100)}%`].filter(Boolean).join(' ')
  }
}

function paintLabel(context: Context, { class: name, box: [x, y] }: LiveBox, area: Area, unit: number, text: string) {
  const left = area.x + x * area.width
  const top = Math.max(area.y, area.y + y * area.height - 14 * unit)
  context.font = `600 ${10.5 * unit}px ui-sans-serif, system-ui, sans-serif`
  context.fillStyle = colourOf(name)
  context.fillRect(left - 0.8 * unit, top, context.measureText(text).width + 6 * unit, 14 * unit)
  context.fillStyle = '#101418'
  context.fillText(text, left + 2.2 * unit, top + 10.8 * unit)
}
