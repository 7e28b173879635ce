import {
  Frustum,
  Group,
  Matrix4,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  Sphere,
  Vector3,
  WebGLRenderer,
  type WebGLRenderTarget,
} from 'three'
import { axesOf, type CityCamera } from '../cameras.ts'
import type { Moment, RoadUser, Sighting, View } from '../protocol.ts'
import { Beams } from './beams.ts'
import { Crowd, type Member } from './crowd.ts'
import { Distortion } from './distortion.ts'
import { type Glow, Glows, lampsOf } from './glows.ts'
import { assign, look } from './layers.ts'
import { LensPass } from './lens-pass.ts'
import { MovingShadow } from './moving-shadow.ts'
import { Plate, shadowDirection, withDepth } from './plate.ts'
import { Rain } from './rain.ts'
import { Sky, towardsSun } from './sky.ts'
import { glow } from './textures.ts'
import { shadowedTiles } from './tiles.ts'
import { Town } from './town.ts'
import { TruthPass } from './truth-pass.ts'

/** Metres from the camera to what its shadows are centred on, and to the last road user that is drawn. */
const FOCUS = 38
const FAR = 170
/** Metres from a road user's middle to the end of its shadow. */
const BODY = 16

/** A frame: RGBA rows from the top, and who is in it. */
export interface Frame {
  readonly pixels: Uint8Array
  readonly sightings: readonly Sighting[]
}

/**
 * Draws the city. What stands still is drawn once for a view, colour and depth; a frame costs only the moving ones, the shadows
 * they throw, and the passes over the picture.
 */
export class Stage {
  readonly #renderer: WebGLRenderer
  readonly #scene = new Scene()
  readonly #camera = new PerspectiveCamera()
  readonly #sky = new Sky()
  /** All that can be seen; turned upside down for what water on the road shows. */
  readonly #world = new Group()
  readonly #parked = new Crowd('parked')
  readonly #moving = new Crowd('moving')
  readonly #glow = glow()
  readonly #lampGlows = new Glows(this.#glow)
  readonly #glows = new Glows(this.#glow)
  readonly #beams = new Beams()
  readonly #rain = new Rain()
  readonly #shadow = new MovingShadow()
  readonly #plate: Plate
  readonly #frame: WebGLRenderTarget
  readonly #lens: LensPass
  readonly #truth: TruthPass
  readonly #pixels: Uint8Array
  #town: { seed: number; town: Town } | undefined
  #view: View | undefined
  #distortion: Distortion

  constructor(canvas: HTMLCanvasElement, width: number, height: number) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: false })
    this.#renderer.setClearColor(0, 0)
    this.#renderer.autoClear = false
    this.#renderer.shadowMap.enabled = true
    this.#renderer.shadowMap.type = PCFShadowMap
    this.#renderer.shadowMap.autoUpdate = false
    this.#plate = new Plate(width, height, this.#shadow)
    this.#frame = withDepth(width, height)
    this.#lens = new LensPass(width, height, this.#frame)
    this.#truth = new TruthPass(width, height)
    this.#pixels = new Uint8Array(width * height * 4)
    this.#distortion = new Distortion(0, width, height)
    this.#world.add(this.#sky.dome, this.#parked.group, this.#moving.group)
    this.#world.add(assign(this.#lampGlows.points, 'streetLamps'), assign(this.#glows.points, 'vehicleLamps'))
    this.#world.add(assign(this.#beams.mesh, 'beams'), assign(this.#rain.lines, 'rain'))
    this.#scene.add(this.#sky.group, this.#world)
    this.#scene.fog = this.#sky.fog
  }

  /** Sets up a camera on a day: draws all that stands still. */
  show(view: View): void {
    const town = this.#townOf(view.seed)
    this.#view = view
    this.#distortion = new Distortion(view.lens.distortion, this.#truth.width, this.#truth.height)
    aim(this.#camera, view.camera, this.#truth.width / this.#truth.height)
    const focus = focusOf(view.camera)
    this.#sky.set(view.light, focus)
    town.set(view.light, view.tints)
    this.#plate.set(view.light, this.#camera)
    this.#lens.set(view.lens, view.light.exposure)
    this.#shadow.aim(focus, shadowDirection(view.light, towardsSun(view.light)))
    this.#parked.clear()
    this.#moving.clear()
    const parked = this.#parked.show(this.#near(view.parked))
    this.#lampGlows.show(lampGlows(town, view.light.lamps), this.#focal)
    this.#drawStill(view, parked)
  }

  /** Draws a moment of the view. */
  take({ moving, seconds }: Moment): Frame {
    const view = this.#view
    if (!view) throw new Error('There is no view yet: send one before the first moment.')
    const members = this.#moving.show(this.#near(moving))
    this.#light(members, view)
    this.#drawMoving(view, members, seconds)
    look(this.#camera, 'moving')
    const sightings = this.#truth.look(this.#renderer, this.#scene, this.#camera, members, this.#distortion)
    this.#lens.run(this.#renderer, seconds)
    const { target, size } = this.#lens
    this.#renderer.readRenderTargetPixels(target, 0, 0, size.x, size.y, this.#pixels)
    return { pixels: this.#pixels, sightings }
  }

  #townOf(seed: number): Town {
    if (this.#town?.seed === seed) return this.#town.town
    if (this.#town) {
      this.#world.remove(this.#town.town.group)
      this.#town.town.dispose()
    }
    const town = new Town(seed, this.#glow)
    this.#world.add(town.group)
    this.#town = { seed, town }
    return town
  }

  /** Pixels of the picture in which one metre at one metre's distance appears. */
  get #focal(): number {
    return (this.#frame.height / 2) * this.#camera.projectionMatrix.elements[5]!
  }

  /** Those whom the camera could see. */
  #near(users: readonly RoadUser[]): RoadUser[] {
    const { projectionMatrix, matrixWorldInverse, position } = this.#camera
    const frustum = new Frustum().setFromProjectionMatrix(
      new Matrix4().multiplyMatrices(projectionMatrix, matrixWorldInverse),
    )
    const sphere = new Sphere(new Vector3(), BODY)
    return users.filter(({ x, z }) => {
      sphere.center.set(x, 1, z)
      return Math.hypot(x - position.x, z - position.z) < FAR && frustum.intersectsSphere(sphere)
    })
  }

  #drawStill({ light }: View, parked: readonly Member[]): void {
    this.#renderer.shadowMap.needsUpdate = true
    const still = ['town', 'ground', 'parked'] as const
    look(this.#camera, ...still, 'pools', 'dome', 'streetLamps')
    this.#into(this.#plate.lit)
    this.#sky.shade(light)
    this.#into(this.#plate.shade)
    this.#sky.unshade(light)
    look(this.#camera, 'town', 'parked', 'dome', 'streetLamps')
    if (light.wet > 0) this.#mirror(this.#plate.mirrored)
    look(this.#camera, 'town', 'ground')
    this.#truth.prepare(this.#renderer, this.#scene, this.#camera, parked)
    look(this.#camera, 'parked')
    this.#truth.prepareParked(this.#renderer, this.#scene, this.#camera)
  }

  #light(members: readonly Member[], { light, camera }: View): void {
    const users = members.map(({ user }) => user)
    this.#glows.show(
      users.flatMap((user) => lampsOf(user, light, camera)),
      this.#focal,
    )
    this.#beams.show(users, light.headlights * (light.sun > 0 ? 0.3 : 1 - light.rain * 0.6))
  }

  #drawMoving({ light }: View, members: readonly Member[], seconds: number): void {
    this.#shadow.render(this.#renderer, this.#scene)
    look(this.#camera, 'moving', 'vehicleLamps')
    if (light.wet > 0) this.#mirror(this.#plate.mirroredMoving)
    const shaded = shadowedTiles(members, shadowDirection(light, towardsSun(light)), this.#camera)
    this.#plate.compose(this.#renderer, this.#frame, shaded)
    this.#town?.town.lenses.show(seconds)
    this.#rain.show(light.rain, seconds, this.#camera)
    look(this.#camera, 'moving', 'lenses', 'beams', 'vehicleLamps', 'rain')
    this.#renderer.setRenderTarget(this.#frame)
    this.#renderer.render(this.#scene, this.#camera)
  }

  #into(target: WebGLRenderTarget): void {
    this.#renderer.setRenderTarget(target)
    this.#renderer.clear()
    this.#renderer.render(this.#scene, this.#camera)
  }

  #mirror(target: WebGLRenderTarget): void {
    this.#world.scale.y = -1
    this.#into(target)
    this.#world.scale.y = 1
    this.#scene.updateMatrixWorld()
  }
}

function aim(eye: PerspectiveCamera, camera: CityCamera, aspect: number): void {
  const { forward } = axesOf(camera)
  eye.fov = camera.view
  eye.aspect = aspect
  eye.near = 0.5
  eye.far = 1200
  eye.position.set(camera.x, camera.height, camera.z)
  eye.lookAt(camera.x + forward[0], camera.height + forward[1], camera.z + forward[2])
  eye.updateProjectionMatrix()
  eye.updateMatrixWorld()
}

function focusOf(camera: CityCamera): Vector3 {
  const { forward } = axesOf(camera)
  const level = Math.hypot(forward[0], forward[2]) || 1
  return new Vector3(camera.x + (forward[0] / level) * FOCUS, 0, camera.z + (forward[2] / level) * FOCUS)
}

function lampGlows(town: Town, lamps: number): Glow[] {
  if (lamps === 0) return []
  return town.lampHeads.map((at) => ({ at, colour: [5 * lamps, 3.8 * lamps, 2.2 * lamps], width: 2.6 }))
}
