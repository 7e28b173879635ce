import { AdditiveBlending, BufferAttribute, BufferGeometry, Points, ShaderMaterial, type Texture } from 'three'
import type { Light } from '../moods.ts'
import type { RoadUser } from '../protocol.ts'
import { SIZES } from '../simulation/traffic.ts'

/** A light that shines into the lens: place and width in metres, linear colour. */
export interface Glow {
  readonly at: readonly [number, number, number]
  readonly colour: readonly [number, number, number]
  readonly width: number
}

const VERTEX = `
attribute vec3 colour;
attribute float width;
uniform float focal;
varying vec3 light;
void main() {
  light = colour;
  vec4 seen = modelViewMatrix * vec4(position, 1.0);
  gl_Position = projectionMatrix * seen;
  gl_PointSize = clamp(width * focal / -seen.z, 1.0, 256.0);
}`

const FRAGMENT = `
uniform sampler2D map;
varying vec3 light;
void main() {
  gl_FragColor = vec4(light * texture2D(map, gl_PointCoord).rgb, 1.0);
}`

/** All lights of a scene as one set of points. */
export class Glows {
  readonly points: Points<BufferGeometry, ShaderMaterial>

  constructor(map: Texture) {
    const material = new ShaderMaterial({
      uniforms: { map: { value: map }, focal: { value: 1 } },
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      blending: AdditiveBlending,
      transparent: true,
      depthWrite: false,
    })
    this.points = new Points(new BufferGeometry(), material)
    this.points.frustumCulled = false
    this.points.renderOrder = 5
  }

  /** `focal` in the pixels of the target. */
  show(glows: readonly Glow[], focal: number): void {
    this.points.geometry.dispose()
    this.points.geometry = new BufferGeometry()
      .setAttribute(
        'position',
        attribute(
          glows.flatMap(({ at }) => at),
          3,
        ),
      )
      .setAttribute(
        'colour',
        attribute(
          glows.flatMap(({ colour }) => colour),
          3,
        ),
      )
      .setAttribute(
        'width',
        attribute(
          glows.map(({ width }) => width),
          1,
        ),
      )
    this.points.material.uniforms.focal!.value = focal
  }
}

const attribute = (values: readonly number[], size: number): BufferAttribute =>
  new BufferAttribute(new Float32Array(values), size)

/** Half the distance between a vehicle's lamps and their height, metres. */
const LAMPS: Partial<Record<RoadUser['kind'], readonly [apart: number, height: number]>> = {
  car: [0.64, 0.68],
  van: [0.78, 0.88],
  truck: [0.95, 0.8],
  bus: [0.98, 0.88],
  motorcycle: [0, 0.88],
  bicycle: [0, 0.9],
}

/** Head and tail lamps as the camera sees them: they shine where the vehicle looks. */
export function lampsOf(
  user: RoadUser,
  { headlights }: Light,
  eye: { readonly x: number; readonly z: number },
): Glow[] {
  const lamps = LAMPS[user.kind]
  if (!lamps) return []
  const away = Math.hypot(eye.x - user.x, eye.z - user.z)
  const facing = ((eye.x - user.x) * user.headingX + (eye.z - user.z) * user.headingZ) / away
  const strength = user.kind === 'bicycle' ? 0.35 : 1
  if (facing > 0)
    return headlights > 0
      ? pair(user, lamps, 1, white(headlights * strength * facing), 0.5 + headlights * strength)
      : []
  const red = user.braking ? 0.9 + headlights : headlights * 0.55
  return red > 0 ? pair(user, lamps, -1, [red * strength * -facing * 2, red * 0.1, red * 0.06], 0.45 + 0.35 * red) : []
}

const white = (strength: number): [number, number, number] => [strength * 4, strength * 3.5, strength * 2.7]

function pair(
  { x, z, headingX, headingZ, kind }: RoadUser,
  [apart, height]: readonly [number, number],
  end: 1 | -1,
  colour: readonly [number, number, number],
  width: number,
): Glow[] {
  const ahead = (SIZES[kind][0] / 2 + 0.12) * end
  const sides = apart === 0 ? [0] : [apart, -apart]
  return sides.map((side) => ({
    at: [x + headingX * ahead - headingZ * side, height, z + headingZ * ahead + headingX * side],
    colour,
    width,
  }))
}
