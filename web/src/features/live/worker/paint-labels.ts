import { colourOf } from '../../../lib/class-colours.ts'
import { placeLabels, type Rectangle } from './labels.ts'
import type { LiveBox, Overlay } from './protocol.ts'

export type Context = OffscreenCanvasRenderingContext2D

export interface Detail {
  /** Pixels that a fine line has. */
  readonly unit: number
  readonly isFull: boolean
}

const HEIGHT = 13
const PADDING = 3.5

/** What each object is, its track and the detector's confidence, where there is room for it. */
export function paintLabels(
  context: Context,
  boxes: readonly LiveBox[],
  overlay: Overlay,
  area: Rectangle,
  detail: Detail,
): void {
  const { unit, isFull } = detail
  if (!overlay.labels && !overlay.confidence) return
  context.font = `600 ${10 * unit}px ui-sans-serif, system-ui, sans-serif`
  const labelled = boxes.map((box) => {
    const words = wordsOf(box, overlay, isFull)
    return { class: box.class, words, box: inPixels(box, area), width: widthOf(context, words) + 2 * PADDING * unit }
  })
  for (const { of, at } of placeLabels(labelled, { area, height: HEIGHT * unit, isFull })) {
    context.fillStyle = 'rgb(9 12 15 / 0.74)'
    context.fillRect(at.x, at.y, at.width, at.height)
    context.fillStyle = colourOf(of.class)
    context.fillText(of.words, at.x + PADDING * unit, at.y + 9.8 * unit)
  }
}

/** The track's number is of use to who looks at one camera. */
function wordsOf({ class: name, trackId, score }: LiveBox, { labels, confidence }: Overlay, isFull: boolean): string {
  const track = trackId && isFull ? ` ${trackId.split('-').at(-1)}` : ''
  return [labels && name + track, confidence && `${Math.round(score * 100)}%`].filter(Boolean).join(' ')
}

function inPixels({ box: [x, y, width, height] }: LiveBox, area: Rectangle): Rectangle {
  return {
    x: area.x + x * area.width,
    y: area.y + y * area.height,
    width: width * area.width,
    height: height * area.height,
  }
}

/** Words come again with every picture. */
const widths = new Map<string, number>()
const MAX_WIDTHS = 2000

function widthOf(context: Context, words: string): number {
  const key = `${context.font} ${words}`
  const known = widths.get(key)
  if (known !== undefined) return known
  if (widths.size >= MAX_WIDTHS) widths.clear()
  const { width } = context.measureText(words)
  widths.set(key, width)
  return width
}
