import { colourOf } from '../../../lib/class-colours.ts'
import type { LiveBox, Overlay, PictureHeader } from './protocol.ts'

type Context = OffscreenCanvasRenderingContext2D

/** Fills the canvas with the picture, its shape kept, and draws its boxes where they belong. */
export function paint(context: Context, picture: ImageBitmap, { boxes }: PictureHeader, overlay: Overlay): void {
  const { width, height } = context.canvas
  const scale = Math.min(width / picture.width, height / picture.height)
  const area = { width: picture.width * scale, height: picture.height * scale, x: 0, y: 0 }
  area.x = (width - area.width) / 2
  area.y = (height - area.height) / 2
  context.fillStyle = '#07090b'
  context.fillRect(0, 0, width, height)
  context.drawImage(picture, area.x, area.y, area.width, area.height)
  if (!overlay.boxes) return
  const unit = Math.max(1, width / 480)
  for (const box of boxes) paintBox(context, box, area, unit, overlay.labels)
}

type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

function paintBox(
  context: Context,
  { class: name, score, trackId, box }: LiveBox,
  area: Area,
  unit: number,
  labels: boolean,
): void {
  const [x, y, w, h] = box
  const left = area.x + x * area.width
  const top = area.y + y * area.height
  context.lineWidth = 1.6 * unit
  context.strokeStyle = colourOf(name)
  context.setLineDash(trackId ? [] : [4 * unit, 3 * unit])
  context.strokeRect(left, top, w * area.width, h * area.height)
  if (!labels) return
  const text = `${name}${trackId ? ` ${trackId.split('-').at(-1)}` : ''} ${Math.round(score * 100)}%`
  context.font = `600 ${10.5 * unit}px ui-sans-serif, system-ui, sans-serif`
  const labelWidth = context.measureText(text).width + 6 * unit
  const labelTop = Math.max(area.y, top - 14 * unit)
  context.fillStyle = colourOf(name)
  context.fillRect(left - 0.8 * unit, labelTop, labelWidth, 14 * unit)
  context.fillStyle = '#101418'
  context.fillText(text, left + 2.2 * unit, labelTop + 10.8 * unit)
}
