import {
  DepthTexture,
  FloatType,
  LinearSRGBColorSpace,
  Matrix4,
  MeshBasicMaterial,
  type PerspectiveCamera,
  type Scene,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import type { PixelBox, Sighting } from '../protocol.ts'
import type { Member } from './crowd.ts'
import type { Distortion } from './distortion.ts'
import { copy, nearest } from './plate.ts'
import { boundsOf, type Silhouette, silhouetteOf } from './silhouette.ts'

/** Fewer pixels are no sighting. */
const FEWEST_PIXELS = 6

/** Who is seen at which pixel: everybody in one flat colour, what stands still in black, at the picture's own size. */
export class TruthPass {
  readonly width: number
  readonly height: number
  readonly #still: WebGLRenderTarget
  readonly #all: WebGLRenderTarget
  readonly #materials: MeshBasicMaterial[] = []
  readonly #black = new MeshBasicMaterial({ color: 0, fog: false })
  readonly #pixels: Uint8Array
  #parked: { member: Member; silhouette: Silhouette }[] = []

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.#still = numbers(width, height)
    this.#all = numbers(width, height)
    this.#pixels = new Uint8Array(width * height * 4)
  }

  /** Draws the still city and the parked cars, once for a view. */
  prepare(renderer: WebGLRenderer, scene: Scene, camera: PerspectiveCamera, parked: readonly Member[]): void {
    this.#parked = parked.map((member) => ({ member, silhouette: this.#alone(member, camera) }))
    scene.overrideMaterial = this.#black
    renderer.setRenderTarget(this.#still)
    renderer.clear()
    renderer.render(scene, camera)
    scene.overrideMaterial = null
  }

  /** Draws the parked ones over the black city. */
  prepareParked(renderer: WebGLRenderer, scene: Scene, camera: PerspectiveCamera): void {
    this.#painted(
      this.#parked.map(({ member }) => member),
      1,
      () => renderOver(renderer, this.#still, scene, camera),
    )
  }

  /** Everybody in the picture; the scene shows only the moving ones. */
  look(
    renderer: WebGLRenderer,
    scene: Scene,
    camera: PerspectiveCamera,
    moving: readonly Member[],
    lens: Distortion,
  ): Sighting[] {
    copy(renderer, this.#still, this.#all)
    this.#painted(moving, this.#parked.length + 1, () => renderOver(renderer, this.#all, scene, camera))
    renderer.readRenderTargetPixels(this.#all, 0, 0, this.width, this.height, this.#pixels)
    const seen = this.#count(this.#parked.length + moving.length, lens)
    const parked = this.#parked.map(({ member, silhouette }, index) =>
      sighting(member, seen[index]!, () => silhouette, lens),
    )
    const movers = moving.map((member, index) =>
      sighting(member, seen[this.#parked.length + index]!, () => this.#alone(member, camera), lens),
    )
    return [...parked, ...movers].filter((each) => each !== undefined)
  }

  #alone({ mesh }: Member, camera: PerspectiveCamera): Silhouette {
    const toClip = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
    return silhouetteOf(mesh.geometry, toClip.multiply(mesh.matrixWorld), this.width, this.height)
  }

  #painted(members: readonly Member[], first: number, draw: () => void): void {
    const before = members.map(({ mesh }) => mesh.material)
    for (const [index, { mesh }] of members.entries()) mesh.material = this.#material(first + index)
    draw()
    for (const [index, { mesh }] of members.entries()) mesh.material = before[index]!
  }

  #material(number: number): MeshBasicMaterial {
    this.#materials[number] ??= flat(number)
    return this.#materials[number]
  }

  /** Pixels and boxes by number; pixels of the straight picture, boxes of the lens's picture. */
  #count(most: number, lens: Distortion): Seen[] {
    const seen = Array.from({ length: most }, nobody)
    const { width, height } = this
    const numbers = new Uint32Array(this.#pixels.buffer)
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at]! & 0xffff
      if (number === 0) continue
      const own = seen[number - 1]!
      own.pixels++
      if (lens.isNone) include(own, at % width, height - 1 - Math.floor(at / width))
    }
    if (!lens.isNone) this.#countShown(seen, numbers, lens)
    return seen
  }

  #countShown(seen: Seen[], numbers: Uint32Array, lens: Distortion): void {
    const { width, height } = this
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [u, v] = lens.seen(x + 0.5, y + 0.5)
        if (u < 0 || v < 0 || u >= width || v >= height) continue
        const number = numbers[(height - 1 - Math.floor(v)) * width + Math.floor(u)]! & 0xffff
        if (number > 0) include(seen[number - 1]!, x, y)
      }
  }
}

const numbers = (width: number, height: number): WebGLRenderTarget =>
  new WebGLRenderTarget(width, height, { ...nearest, depthTexture: new DepthTexture(width, height, FloatType) })

function renderOver(renderer: WebGLRenderer, target: WebGLRenderTarget, scene: Scene, camera: PerspectiveCamera): void {
  renderer.setRenderTarget(target)
  renderer.render(scene, camera)
}

/** The number in red and green. */
function flat(number: number): MeshBasicMaterial {
  const material = new MeshBasicMaterial({ fog: false })
  material.color.setRGB((number & 255) / 255, (number >> 8) / 255, 0, LinearSRGBColorSpace)
  return material
}

const nobody = (): Seen => ({ pixels: 0, left: Infinity, top: Infinity, right: -1, bottom: -1 })

interface Seen {
  pixels: number
  left: number
  top: number
  right: number
  bottom: number
}

function include(seen: Seen, x: number, y: number): void {
  if (x < seen.left) seen.left = x
  if (x > seen.right) seen.right = x
  if (y < seen.top) seen.top = y
  if (y > seen.bottom) seen.bottom = y
}

function sighting({ user }: Member, seen: Seen, alone: () => Silhouette, lens: Distortion): Sighting | undefined {
  if (seen.pixels < FEWEST_PIXELS || seen.right < 0) return undefined
  const { area, points } = alone()
  return {
    id: user.id,
    box: [seen.left, seen.top, seen.right + 1 - seen.left, seen.bottom + 1 - seen.top],
    full: fullBox(points, lens),
    visibility: hundredths(Math.min(1, seen.pixels / Math.max(1, area))),
  }
}

function fullBox(points: Float32Array, lens: Distortion): PixelBox {
  const shown = lens.isNone ? points : new Float32Array(points.length)
  if (!lens.isNone)
    for (let at = 0; at < points.length; at += 2) shown.set(lens.shown(points[at]!, points[at + 1]!), at)
  const [left, top, right, bottom] = boundsOf(shown)
  return [tenths(left), tenths(top), tenths(right - left), tenths(bottom - top)]
}

const tenths = (value: number): number => Math.round(value * 10) / 10
const hundredths = (value: number): number => Math.round(value * 100) / 100
