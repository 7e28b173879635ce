import { CanvasTexture, RepeatWrapping, SRGBColorSpace } from 'three'
import { between, pick, type Random, randomFrom } from '../simulation/random.ts'

type Pen = CanvasRenderingContext2D

export function texture(width: number, height: number, draw: (pen: Pen) => void): CanvasTexture {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  draw(canvas.getContext('2d')!)
  const result = new CanvasTexture(canvas)
  result.wrapS = RepeatWrapping
  result.wrapT = RepeatWrapping
  result.anisotropy = 4
  result.colorSpace = SRGBColorSpace
  return result
}

function fill(pen: Pen, colour: string, width: number, height: number): void {
  pen.fillStyle = colour
  pen.fillRect(0, 0, width, height)
}

const grey = (value: number, alpha: number): string => `rgba(${value},${value},${value},${alpha})`

/** Asphalt: grain, stains, patches and cracks. */
export function asphalt(seed: number): CanvasTexture {
  const random = randomFrom(seed)
  return texture(512, 512, (pen) => {
    fill(pen, '#5a5b5c', 512, 512)
    for (let n = 0; n < 26; n++) patch(pen, random, n < 6 ? 0.16 : 0.05)
    for (let n = 0; n < 26000; n++) {
      pen.fillStyle = grey(random() < 0.5 ? 0 : 255, random() * 0.11)
      pen.fillRect(random() * 512, random() * 512, 1.6, 1.6)
    }
    for (let n = 0; n < 7; n++) crack(pen, random)
  })
}

function patch(pen: Pen, random: Random, strength: number): void {
  pen.fillStyle = grey(random() < 0.6 ? 0 : 200, random() * strength)
  const [x, y] = [random() * 512, random() * 512]
  if (random() < 0.3) pen.fillRect(x, y, between(random, 20, 130), between(random, 14, 60))
  else blot(pen, random, x, y)
}

function blot(pen: Pen, random: Random, x: number, y: number): void {
  pen.beginPath()
  pen.ellipse(x, y, between(random, 8, 70), between(random, 6, 40), random() * 3, 0, 7)
  pen.fill()
}

function crack(pen: Pen, random: Random): void {
  pen.strokeStyle = grey(10, 0.35)
  pen.lineWidth = between(random, 0.7, 1.8)
  let [x, y] = [random() * 512, random() * 512]
  pen.beginPath()
  pen.moveTo(x, y)
  for (let n = 0; n < 14; n++) {
    x += between(random, -18, 22)
    y += between(random, -8, 22)
    pen.lineTo(x, y)
  }
  pen.stroke()
}

/** Slabs of the pavement. */
export function slabs(seed: number): CanvasTexture {
  const random = randomFrom(seed)
  return texture(256, 256, (pen) => {
    fill(pen, '#a39f98', 256, 256)
    for (let x = 0; x < 4; x++)
      for (let y = 0; y < 4; y++) {
        pen.fillStyle = grey(random() < 0.5 ? 0 : 255, random() * 0.09)
        pen.fillRect(x * 64, y * 64, 64, 64)
        pen.strokeStyle = grey(0, 0.22)
        pen.strokeRect(x * 64, y * 64, 64, 64)
      }
    for (let n = 0; n < 4000; n++) {
      pen.fillStyle = grey(random() < 0.5 ? 0 : 255, random() * 0.07)
      pen.fillRect(random() * 256, random() * 256, 2, 2)
    }
  })
}

export function grass(seed: number): CanvasTexture {
  const random = randomFrom(seed)
  return texture(128, 128, (pen) => {
    fill(pen, '#5c7a3e', 128, 128)
    for (let n = 0; n < 5000; n++) {
      pen.fillStyle = `hsla(${between(random, 70, 110)},40%,${between(random, 18, 50)}%,.3)`
      pen.fillRect(random() * 128, random() * 128, 1.5, 3)
    }
  })
}

const WALLS = [
  '#b9a48c',
  '#9c5a45',
  '#8f979e',
  '#c9c2b4',
  '#66727e',
  '#a8896a',
  '#d8d2c4',
  '#7d5a4a',
  '#aab3a8',
  '#c8a58a',
]

/** A wall of 6 by 6 windows, and the light from those that are lit. */
export interface Facade {
  readonly wall: CanvasTexture
  readonly lit: CanvasTexture
}

export const WINDOWS = 6

export function facade(seed: number): Facade {
  const random = randomFrom(seed)
  const style = {
    wall: pick(random, WALLS),
    inset: between(random, 0.1, 0.27),
    sill: between(random, 0.12, 0.24),
    glass: random() < 0.25,
    brick: random() < 0.5,
  }
  const wall = texture(384, 384, (pen) => {
    fill(pen, style.wall, 384, 384)
    wallGrain(pen, random, style.brick)
    eachWindow((x, y, cell) => windowPane(pen, random, x, y, cell, style))
  })
  const lit = texture(384, 384, (pen) => {
    fill(pen, '#000', 384, 384)
    eachWindow((x, y, cell) => random() < 0.3 && litWindow(pen, random, x, y, cell, style))
  })
  return { wall, lit }
}

interface Style {
  readonly inset: number
  readonly sill: number
  readonly glass: boolean
}

function eachWindow(draw: (x: number, y: number, cell: number) => void): void {
  const cell = 384 / WINDOWS
  for (let y = 0; y < WINDOWS; y++) for (let x = 0; x < WINDOWS; x++) draw(x * cell, y * cell, cell)
}

function wallGrain(pen: Pen, random: Random, brick: boolean): void {
  for (let n = 0; n < 3000; n++) {
    pen.fillStyle = grey(random() < 0.55 ? 0 : 255, random() * 0.06)
    pen.fillRect(random() * 384, random() * 384, brick ? 10 : 26, brick ? 3 : 14)
  }
}

function opening(x: number, y: number, cell: number, { inset, sill, glass }: Style): [number, number, number, number] {
  const side = cell * (glass ? 0.04 : inset)
  const top = cell * (glass ? 0.06 : sill)
  return [x + side, y + top, cell - 2 * side, cell - 2 * top]
}

function windowPane(pen: Pen, random: Random, x: number, y: number, cell: number, style: Style): void {
  const [left, top, width, height] = opening(x, y, cell, style)
  const shine = pen.createLinearGradient(left, top, left + width * 0.4, top + height)
  shine.addColorStop(0, `hsl(${between(random, 200, 215)},22%,${between(random, 34, 58)}%)`)
  shine.addColorStop(1, '#1d2630')
  pen.fillStyle = shine
  pen.fillRect(left, top, width, height)
  pen.fillStyle = grey(235, 0.5)
  if (!style.glass) pen.fillRect(left - 2, top + height, width + 4, 3)
  pen.fillRect(left + width / 2 - 1, top, 2, height)
  if (random() < 0.3) {
    pen.fillStyle = `hsla(${random() * 60},25%,80%,.75)`
    pen.fillRect(left, top, width, height * between(random, 0.2, 0.7))
  }
}

function litWindow(pen: Pen, random: Random, x: number, y: number, cell: number, style: Style): void {
  const [left, top, width, height] = opening(x, y, cell, style)
  pen.globalAlpha = between(random, 0.25, 0.95)
  fillIn(pen, pick(random, ['#ffd58a', '#ffe7b8', '#fff1d6', '#cfe0ff']), left, top, width, height)
  pen.globalAlpha = 1
}

function fillIn(
  pen: Pen,
  colour: string | CanvasGradient,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  pen.fillStyle = colour
  pen.fillRect(left, top, width, height)
}

/** Shop windows, doors and signs of a ground floor: eight bays. */
export function shops(seed: number): Facade {
  const style = randomFrom(seed)
  const signs = Array.from({ length: 8 }, () => `hsl(${style() * 360},${20 + style() * 45}%,${25 + style() * 30}%)`)
  const lights = Array.from({ length: 8 }, () =>
    style() < 0.6 ? pick(style, ['#ffcf8a', '#ffe9c8', '#d5e6ff']) : '#000',
  )
  const bays = (base: string, sign: (bay: number) => string, pane: (bay: number) => string) => (pen: Pen) => {
    fill(pen, base, 512, 96)
    for (let bay = 0; bay < 8; bay++) {
      fillIn(pen, sign(bay), bay * 64 + 2, 4, 60, 16)
      fillIn(pen, pane(bay), bay * 64 + 5, 26, bay % 3 === 2 ? 22 : 54, bay % 3 === 2 ? 70 : 58)
    }
  }
  return {
    wall: texture(
      512,
      96,
      bays(
        '#4a4642',
        (bay) => signs[bay]!,
        () => '#33424c',
      ),
    ),
    lit: texture(
      512,
      96,
      bays(
        '#000',
        () => '#000',
        (bay) => lights[bay]!,
      ),
    ),
  }
}

/** White in the middle, black outside: for light that is added. */
export function glow(): CanvasTexture {
  return texture(64, 64, (pen) => {
    const ramp = pen.createRadialGradient(32, 32, 0, 32, 32, 32)
    for (const [at, value] of [
      [0, 255],
      [0.1, 190],
      [0.3, 66],
      [0.65, 16],
      [1, 0],
    ] as const)
      ramp.addColorStop(at, grey(value, 1))
    pen.fillStyle = ramp
    pen.fillRect(0, 0, 64, 64)
  })
}

/** A headlight's beam on the road, from the bottom of the picture upwards. */
export function beam(): CanvasTexture {
  return texture(64, 128, (pen) => {
    fill(pen, '#000', 64, 128)
    for (let row = 0; row < 128; row++) {
      const far = row / 128
      const half = 7 + 23 * far
      const ramp = pen.createLinearGradient(32 - half, 0, 32 + half, 0)
      const value = Math.round(255 * (1 - far) ** 1.6 * Math.min(1, far * 9))
      for (const [at, share] of [
        [0, 0],
        [0.5, 1],
        [1, 0],
      ] as const)
        ramp.addColorStop(at, grey(Math.round(value * share), 1))
      fillIn(pen, ramp, 32 - half, 127 - row, 2 * half, 1)
    }
  })
}
