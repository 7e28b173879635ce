import { colourOf } from '../../../lib/class-colours.ts'
import type { ShownBox } from './box-history.ts'
import { type Context, paintLabels } from './paint-labels.ts'
import { paintZones } from './paint-zones.ts'
import type { Overlay, Zone } from './protocol.ts'
import type { Trails } from './trails.ts'

export interface Scene {
  readonly picture: ImageBitmap | VideoFrame
  readonly boxes: readonly ShownBox[]
  readonly trails: Trails
  readonly zones: readonly Zone[]
  /** Every word has its place: in the focus view and under the pointer. Else only those that leave the picture to be seen. */
  readonly isFull: boolean
}

/** Where the picture lies in the canvas, pixels. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Fills the canvas with the picture, its shape kept, and draws what belongs over it. */
export function paint(context: Context, scene: Scene, overlay: Overlay): void {
  const { picture, boxes, trails, zones, isFull } = scene
  const { width, height } = context.canvas
  const area = areaOf(picture, width, height)
  context.fillStyle = '#07090b'
  context.fillRect(0, 0, width, height)
  context.drawImage(picture, area.x, area.y, area.width, area.height)
  // Lines and words grow with the picture, but not as fast.
  const unit = Math.max(1, Math.sqrt(width / 400))
  if (overlay.zones) paintZones(context, zones, area, { unit, isFull })
  if (overlay.tracks) for (const box of boxes) paintTrail(context, box, area, unit, trails)
  if (overlay.boxes) for (const box of boxes) paintBox(context, box, area, unit)
  paintLabels(context, boxes, overlay, area, { unit, isFull })
}

function areaOf(picture: Scene['picture'], width: number, height: number): Area {
  const own = 'displayWidth' in picture ? { width: picture.displayWidth, height: picture.displayHeight } : picture
  const scale = Math.min(width / own.width, height / own.height)
  const size = { width: own.width * scale, height: own.height * scale }
  return { ...size, x: (width - size.width) / 2, y: (height - size.height) / 2 }
}

function paintTrail(context: Context, { class: name, trackId }: ShownBox, area: Area, unit: number, trails: Trails) {
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

/** Dashed without a track; dotted and faint where it is predicted. */
function paintBox(context: Context, box: ShownBox, area: Area, unit: number) {
  const [x, y, w, h] = box.box
  context.lineWidth = 1.6 * unit
  context.strokeStyle = colourOf(box.class)
  context.globalAlpha = box.isPredicted ? 0.65 : 1
  context.setLineDash(box.isPredicted ? [1.5 * unit, 2.5 * unit] : box.trackId ? [] : [4 * unit, 3 * unit])
  context.strokeRect(area.x + x * area.width, area.y + y * area.height, w * area.width, h * area.height)
  context.globalAlpha = 1
}
