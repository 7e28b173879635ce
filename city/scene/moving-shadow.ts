import {
  DepthTexture,
  FloatType,
  Matrix4,
  MeshBasicMaterial,
  NearestFilter,
  OrthographicCamera,
  type Scene,
  type Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import { look } from './layers.ts'

const SIZE = 1024
/** Metres around the middle of the view. */
const REACH = 60

/** The shadows of what moves: a depth picture from the sun, or from above under an overcast sky. */
export class MovingShadow {
  readonly target = new WebGLRenderTarget(SIZE, SIZE, { depthTexture: new DepthTexture(SIZE, SIZE, FloatType) })
  /** From the city's metres to the shadow picture, all in [0, 1]. */
  readonly matrix = new Matrix4()
  readonly #camera = new OrthographicCamera(-REACH, REACH, REACH, -REACH, 10, 400)
  readonly #material = new MeshBasicMaterial()

  constructor() {
    this.target.texture.minFilter = NearestFilter
    look(this.#camera, 'moving')
  }

  aim(focus: Vector3, towardsSun: Vector3): void {
    this.#camera.position.copy(focus).addScaledVector(towardsSun, 200)
    this.#camera.lookAt(focus)
    this.#camera.updateMatrixWorld()
    this.matrix.set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1)
    this.matrix.multiply(this.#camera.projectionMatrix).multiply(this.#camera.matrixWorldInverse)
  }

  render(renderer: WebGLRenderer, scene: Scene): void {
    scene.overrideMaterial = this.#material
    renderer.setRenderTarget(this.target)
    renderer.clear()
    renderer.render(scene, this.#camera)
    scene.overrideMaterial = null
  }
}
