import {
  BufferAttribute,
  BufferGeometry,
  GLSL3,
  type IUniform,
  Mesh,
  NoBlending,
  OrthographicCamera,
  RawShaderMaterial,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three'
import { COLUMNS, ROWS, type Tile } from './tiles.ts'

const VERTEX = `
in vec3 position;
out vec2 uv;
void main() {
  uv = position.xy * 0.5 + 0.5;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`

/** A shader that runs once for every pixel of a target, or of some tiles of it. Its output 0 is `colour`, its input `uv` in [0, 1] from the lower left. */
export class Fullscreen {
  readonly uniforms: Record<string, IUniform>
  readonly #mesh: Mesh
  readonly #camera = new OrthographicCamera()

  constructor(fragment: string, uniforms: Record<string, IUniform>) {
    this.uniforms = uniforms
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      uniforms,
      vertexShader: VERTEX,
      fragmentShader: `precision highp float;\nprecision highp sampler2D;\nin vec2 uv;\nlayout(location = 0) out vec4 colour;\n${fragment}`,
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
    })
    const triangle = new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3)
    this.#mesh = new Mesh(new BufferGeometry().setAttribute('position', triangle), material)
    this.#mesh.frustumCulled = false
  }

  run(renderer: WebGLRenderer, target: WebGLRenderTarget, tiles?: readonly Tile[]): void {
    if (tiles) this.#cover(tiles)
    renderer.setRenderTarget(target)
    renderer.render(this.#mesh, this.#camera)
  }

  #cover(tiles: readonly Tile[]): void {
    this.#mesh.geometry.dispose()
    const positions = new BufferAttribute(new Float32Array(tiles.flatMap(twoTriangles)), 3)
    this.#mesh.geometry = new BufferGeometry().setAttribute('position', positions)
  }
}

function twoTriangles({ x, y }: Tile): number[] {
  const [right, top] = [x + 2 / COLUMNS, y + 2 / ROWS]
  return [x, y, 0, right, y, 0, right, top, 0, x, y, 0, right, top, 0, x, top, 0]
}
