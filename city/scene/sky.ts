import {
  BackSide,
  Color,
  DirectionalLight,
  Fog,
  Group,
  HemisphereLight,
  Mesh,
  ShaderMaterial,
  SphereGeometry,
  Vector3,
} from 'three'
import type { Light } from '../moods.ts'
import { assign } from './layers.ts'

const VERTEX = `
varying float height;
void main() {
  height = normalize(position).y;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`

const FRAGMENT = `
varying float height;
uniform vec3 zenith;
uniform vec3 horizon;
void main() {
  gl_FragColor = vec4(mix(horizon, zenith, pow(clamp(height * 1.7, 0.0, 1.0), 0.6)), 1.0);
}`

const RADIUS = 900
/** Metres around the middle of the view that the sun's shadows reach. */
const SHADOWED = 85

/** The dome (apart), the light from everywhere, and the sun with its shadows of what stands still. */
export class Sky {
  readonly group = new Group()
  readonly fog = new Fog(0, 1, 2)
  readonly sun = new DirectionalLight()
  readonly #hemisphere = new HemisphereLight()
  readonly dome: Mesh<SphereGeometry, ShaderMaterial>

  constructor() {
    const uniforms = { zenith: { value: new Color() }, horizon: { value: new Color() } }
    const shader = { uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT }
    const material = new ShaderMaterial({ ...shader, side: BackSide, depthWrite: false })
    this.dome = assign(new Mesh(new SphereGeometry(RADIUS, 24, 16), material), 'dome')
    this.dome.renderOrder = -1
    this.sun.castShadow = true
    this.sun.shadow.mapSize.set(2048, 2048)
    this.sun.shadow.bias = -0.0006
    this.sun.shadow.normalBias = 0.05
    const { camera } = this.sun.shadow
    Object.assign(camera, { left: -SHADOWED, right: SHADOWED, bottom: -SHADOWED, top: SHADOWED, near: 5, far: 420 })
    this.group.add(this.sun, this.sun.target, this.#hemisphere)
  }

  set(light: Light, focus: Vector3): void {
    const { zenith, horizon } = this.dome.material.uniforms as Record<string, { value: Color }>
    zenith!.value.setHex(light.zenith)
    horizon!.value.setHex(light.horizon)
    this.dome.position.set(focus.x, 0, focus.z)
    this.fog.color.setHex(light.horizon)
    this.fog.near = light.haze[0]
    this.fog.far = light.haze[1]
    this.#hemisphere.color.setHex(light.sky)
    this.#hemisphere.groundColor.setHex(light.bounce)
    this.#hemisphere.intensity = light.ambient
    this.sun.color.setHex(light.sunColour)
    this.sun.intensity = light.sun
    this.sun.target.position.copy(focus)
    this.sun.position.copy(focus).addScaledVector(towardsSun(light), 200)
    this.sun.updateMatrixWorld()
    this.sun.target.updateMatrixWorld()
  }

  /** Light as it is in a shadow: without the sun, or without most of an overcast sky. */
  shade(light: Light): void {
    this.sun.intensity = 0
    if (light.sun === 0) this.#hemisphere.intensity = light.ambient * 0.45
  }

  unshade(light: Light): void {
    this.sun.intensity = light.sun
    this.#hemisphere.intensity = light.ambient
  }
}

/** A unit vector. */
export function towardsSun({ azimuth, elevation }: Light): Vector3 {
  const [around, up] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180]
  return new Vector3(Math.sin(around) * Math.cos(up), Math.sin(up), -Math.cos(around) * Math.cos(up))
}
