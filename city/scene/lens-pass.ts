import { Vector2, WebGLRenderTarget } from 'three'
import type { Lens } from '../moods.ts'
import { Fullscreen } from './fullscreen.ts'

/** From linear light to what a camera's sensor writes down, upside down, as files have their first row on top. */
const DEVELOP = `
uniform sampler2D frame;
uniform vec2 pixel;
uniform float exposure;
uniform float distortion;
uniform float blur;
uniform float vignette;
uniform float saturation;
uniform float noise;
uniform float moment;

vec2 seen(vec2 at) {
  vec2 radius = (at - 0.5) * vec2(pixel.y / pixel.x, 1.0);
  float r2 = dot(radius, radius) / (0.25 * (1.0 + pixel.y * pixel.y / (pixel.x * pixel.x)));
  return 0.5 + (at - 0.5) * (1.0 + distortion * r2) / (1.0 + max(distortion, 0.0));
}

/** Optics are never sharper than their pixels: hard edges get a seam. */
vec3 sharp(vec2 at) {
  vec3 sides = texture(frame, at + 0.5 * pixel).rgb + texture(frame, at - 0.5 * pixel).rgb;
  return sides * 0.5;
}

/** The same for pixels that lie where they lay. */
vec3 sharpHere() {
  ivec2 at = ivec2(gl_FragCoord.x, 1.0 / pixel.y - gl_FragCoord.y);
  vec3 sides = texelFetch(frame, at + ivec2(1, 0), 0).rgb + texelFetch(frame, at - ivec2(1, 0), 0).rgb +
    texelFetch(frame, at + ivec2(0, 1), 0).rgb + texelFetch(frame, at - ivec2(0, 1), 0).rgb;
  return texelFetch(frame, at, 0).rgb * 0.6 + sides * 0.1;
}

vec3 sharpOrBlurred(vec2 at) {
  if (blur <= 0.0) return distortion == 0.0 ? sharpHere() : sharp(at);
  vec3 sum = sharp(at);
  for (int i = 0; i < 8; i++) {
    float angle = float(i) * 0.785398;
    sum += texture(frame, at + vec2(cos(angle), sin(angle)) * pixel * blur * (i % 2 == 0 ? 1.0 : 1.5)).rgb;
  }
  return sum / 9.0;
}

vec3 film(vec3 x) { return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0); }
vec3 encoded(vec3 x) { return mix(12.92 * x, 1.055 * pow(x, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, x)); }

vec3 hash(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973));
  p += dot(p, p.yxz + 33.33);
  return fract((p.xxy + p.yzz) * p.zyx);
}
/** Three numbers around 0, about normal. */
vec3 grain() {
  vec3 at = vec3(gl_FragCoord.xy, moment * 61.0);
  return hash(at) + hash(at + 19.7) + hash(at + 41.3) - 1.5;
}

void main() {
  vec3 light = sharpOrBlurred(seen(vec2(uv.x, 1.0 - uv.y))) * exposure;
  vec2 off = (uv - 0.5) * 1.4142;
  light *= 1.0 - vignette * dot(off, off);
  vec3 written = encoded(film(light));
  written = mix(vec3(dot(written, vec3(0.299, 0.587, 0.114))), written, saturation);
  vec3 rough = grain();
  colour = vec4(written + noise * (1.6 * rough.x + 0.8 * rough), 1.0);
}`

/** Optics and sensor. */
export class LensPass {
  readonly target: WebGLRenderTarget
  readonly #develop: Fullscreen
  readonly #size: Vector2

  constructor(width: number, height: number, frame: WebGLRenderTarget) {
    this.#size = new Vector2(width, height)
    this.target = new WebGLRenderTarget(width, height, { depthBuffer: false })
    const names = ['exposure', 'distortion', 'blur', 'vignette', 'saturation', 'noise', 'moment']
    this.#develop = new Fullscreen(DEVELOP, {
      frame: { value: frame.texture },
      pixel: { value: new Vector2(1 / width, 1 / height) },
      ...Object.fromEntries(names.map((name) => [name, { value: 0 }])),
    })
  }

  set(lens: Lens, exposure: number): void {
    const values = { ...lens, exposure: exposure * lens.gain }
    for (const name of ['exposure', 'distortion', 'blur', 'vignette', 'saturation', 'noise'] as const) {
      this.#develop.uniforms[name]!.value = values[name]
    }
  }

  /** `moment` decides the noise. */
  run(renderer: Parameters<Fullscreen['run']>[0], moment: number): void {
    this.#develop.uniforms.moment!.value = moment
    this.#develop.run(renderer, this.target)
  }

  get size(): Vector2 {
    return this.#size
  }
}
