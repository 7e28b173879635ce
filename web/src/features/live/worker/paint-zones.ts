import type { Rectangle } from './labels.ts'
import type { Context, Detail } from './paint-labels.ts'
import type { Zone } from './protocol.ts'

const COLOUR = '#9fb4ff'

/** Areas and lines that people have drawn on the picture, and in the focus view their names. */
export function paintZones(context: Context, zones: readonly Zone[], area: Rectangle, detail: Detail): void {
  for (const zone of zones) paintZone(context, zone, area, detail)
}

function paintZone(context: Context, { kind, name, points }: Zone, area: Rectangle, { unit, isFull }: Detail): void {
  const places = points.map(([x, y]) => [area.x + x * area.width, area.y + y * area.height] as const)
  context.beginPath()
  for (const [x, y] of places) context.lineTo(x, y)
  context.strokeStyle = COLOUR
  context.lineWidth = 1.4 * unit
  context.setLineDash([])
  if (kind === 'AREA') {
    context.closePath()
    context.fillStyle = COLOUR
    context.globalAlpha = 0.1
    context.fill()
    context.globalAlpha = 1
  }
  context.stroke()
  if (isFull) paintName(context, name, places[0]!, unit)
}

function paintName(context: Context, name: string, [x, y]: readonly [number, number], unit: number): void {
  context.font = `600 ${10 * unit}px ui-sans-serif, system-ui, sans-serif`
  context.lineWidth = 3 * unit
  context.strokeStyle = 'rgb(9 12 15 / 0.74)'
  context.strokeText(name, x + 5 * unit, y - 5 * unit)
  context.fillStyle = COLOUR
  context.fillText(name, x + 5 * unit, y - 5 * unit)
}
