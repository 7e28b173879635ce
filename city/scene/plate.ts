import {
  DepthTexture,
  FloatType,
  HalfFloatType,
  LinearFilter,
  Matrix4,
  NearestFilter,
  type PerspectiveCamera,
  Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import type { Light } from '../moods.ts'
import { Fullscreen } from './fullscreen.ts'
import type { MovingShadow } from './moving-shadow.ts'
import { type Tile, wholePicture } from './tiles.ts'

/** Takes the still city from its pictures, darkens it where something moving shades it, and mirrors on wet ground. */
const COMPOSE = `
uniform sampler2D lit;
uniform sampler2D shade;
uniform sampler2D depth;
uniform sampler2D shadow;
uniform sampler2D mirrored;
uniform sampler2D mirroredMoving;
uniform mat4 toCity;
uniform mat4 toShadow;
uniform vec3 eye;
uniform float wet;
uniform float softness;
uniform float strength;

float shaded(vec3 place) {
  vec3 at = (toShadow * vec4(place, 1.0)).xyz;
  if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return 0.0;
  float near = at.z - 0.0006;
  float sum = step(texture(shadow, at.xy).r, near);
  sum += step(texture(shadow, at.xy + vec2(-0.6, -0.9) * softness).r, near);
  sum += step(texture(shadow, at.xy + vec2(0.9, -0.6) * softness).r, near);
  sum += step(texture(shadow, at.xy + vec2(0.6, 0.9) * softness).r, near);
  sum += step(texture(shadow, at.xy + vec2(-0.9, 0.6) * softness).r, near);
  return sum * 0.2;
}

#ifdef WET
float hash(vec2 p) { return fract(sin(dot(p, vec2(12.9898, 78.233))) * 43758.5453); }
float noise(vec2 p) {
  vec2 i = floor(p);
  vec2 f = fract(p);
  f = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}

vec3 onWater(vec3 ground, vec3 place) {
  float puddle = smoothstep(0.42, 0.72, noise(place.xz * 0.16) * 0.7 + noise(place.xz * 0.7) * 0.3);
  vec2 ripple = (vec2(noise(place.xz * 6.0), noise(place.zx * 6.0 + 9.0)) - 0.5) * vec2(0.006, 0.024) * (1.2 - puddle);
  vec3 mirror = vec3(0.0);
  for (int i = -2; i <= 2; i++) {
    vec2 at = uv + ripple + vec2(0.0, float(i) * 0.011 * (1.2 - puddle));
    vec4 moving = texture(mirroredMoving, at);
    mirror += mix(texture(mirrored, at).rgb, moving.rgb, moving.a) * 0.2;
  }
  float fresnel = 0.08 + 0.92 * pow(1.0 - clamp(normalize(eye - place).y, 0.0, 1.0), 3.0);
  return mix(ground, mirror, wet * clamp(fresnel * 1.25 * (0.4 + 0.75 * puddle), 0.0, 0.85));
}
#endif

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  float far = texelFetch(depth, at, 0).r;
  vec4 place = toCity * vec4(vec3(uv, far) * 2.0 - 1.0, 1.0);
  place /= place.w;
  colour = mix(texelFetch(lit, at, 0), texelFetch(shade, at, 0), far < 1.0 ? strength * shaded(place.xyz) : 0.0);
#ifdef WET
  if (far < 1.0 && place.y < 0.16) colour.rgb = onWater(colour.rgb, place.xyz);
#endif
  colour.a = 1.0;
}`

/** Shadows of an overcast sky: from above, wide and faint. */
const OVERCAST = { towards: new Vector3(0.12, 1, 0.08).normalize(), softness: 0.0032, strength: 0.55 } as const
const SUNNY = { softness: 0.0009, strength: 1 } as const

/** The still city as one camera sees it, drawn once, in linear light. */
export class Plate {
  readonly lit: WebGLRenderTarget
  readonly shade: WebGLRenderTarget
  readonly mirrored: WebGLRenderTarget
  readonly mirroredMoving: WebGLRenderTarget
  readonly #dry: Fullscreen
  readonly #wet: Fullscreen
  #isWet = false

  constructor(width: number, height: number, shadow: MovingShadow) {
    this.lit = withDepth(width, height, SAMPLES)
    this.shade = withDepth(width, height, SAMPLES)
    this.mirrored = linear(width >> 1, height >> 1)
    this.mirroredMoving = linear(width >> 1, height >> 1)
    const texture = (target: WebGLRenderTarget) => ({ value: target.texture })
    const uniforms = {
      lit: texture(this.lit),
      shade: texture(this.shade),
      mirrored: texture(this.mirrored),
      mirroredMoving: texture(this.mirroredMoving),
      depth: { value: this.lit.depthTexture },
      shadow: { value: shadow.target.depthTexture },
      toCity: { value: new Matrix4() },
      toShadow: { value: shadow.matrix },
      eye: { value: new Vector3() },
      wet: { value: 0 },
      softness: { value: 0 },
      strength: { value: 0 },
    }
    this.#dry = new Fullscreen(COMPOSE, uniforms)
    this.#wet = new Fullscreen(`#define WET\n${COMPOSE}`, uniforms)
  }

  set({ sun, wet }: Light, camera: PerspectiveCamera): void {
    const { uniforms } = this.#dry
    this.#isWet = wet > 0
    uniforms.toCity!.value.multiplyMatrices(camera.matrixWorld, camera.projectionMatrixInverse)
    uniforms.eye!.value.copy(camera.position)
    uniforms.wet!.value = wet
    uniforms.softness!.value = sun > 0 ? SUNNY.softness : OVERCAST.softness
    uniforms.strength!.value = sun > 0 ? SUNNY.strength : OVERCAST.strength
  }

  /** Colour and depth of the still city into the target, shaded in those tiles, or all of it where everything mirrors. */
  compose(renderer: WebGLRenderer, target: WebGLRenderTarget, shaded: readonly Tile[]): void {
    copy(renderer, this.lit, target)
    if (this.#isWet) this.#wet.run(renderer, target, wholePicture())
    else this.#dry.run(renderer, target, shaded)
  }
}

/** Takes over colour and depth; both targets have the same size and formats. */
export function copy(renderer: WebGLRenderer, from: WebGLRenderTarget, to: WebGLRenderTarget): void {
  renderer.initRenderTarget(to)
  renderer.copyTextureToTexture(from.texture, to.texture)
  renderer.copyTextureToTexture(from.depthTexture!, to.depthTexture!)
}

const linear = (width: number, height: number): WebGLRenderTarget =>
  new WebGLRenderTarget(width, height, { type: HalfFloatType, minFilter: LinearFilter, magFilter: LinearFilter })

/** A picture in linear light and its depth. */
export const withDepth = (width: number, height: number, samples = 0): WebGLRenderTarget =>
  new WebGLRenderTarget(width, height, {
    type: HalfFloatType,
    minFilter: LinearFilter,
    magFilter: LinearFilter,
    depthTexture: new DepthTexture(width, height, FloatType),
    samples,
  })

/** Of a pixel: edges without steps. */
const SAMPLES = 4

/** Towards where the moving ones' shadows come from. */
export const shadowDirection = ({ sun }: Light, towardsSun: Vector3): Vector3 =>
  sun > 0 ? towardsSun : OVERCAST.towards

export const nearest = { minFilter: NearestFilter, magFilter: NearestFilter } as const
