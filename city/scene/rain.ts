import {
  BufferAttribute,
  BufferGeometry,
  LineBasicMaterial,
  LineSegments,
  type PerspectiveCamera,
  Vector3,
} from 'three'
import { randomFrom } from '../simulation/random.ts'
import { PERIOD } from '../simulation/signals.ts'

const DROPS = 1400
/** Metres: the box of air in front of the lens in which drops are drawn. */
const REACH = 34
const HEIGHT = 18

/** Falling drops; every one falls a whole number of times in a period, so that the clip loops. */
export class Rain {
  readonly lines: LineSegments<BufferGeometry, LineBasicMaterial>
  readonly #drops: readonly { x: number; z: number; start: number; falls: number }[]

  constructor() {
    const random = randomFrom(99)
    this.#drops = Array.from({ length: DROPS }, () => ({
      x: (random() - 0.5) * REACH,
      z: (random() - 0.5) * REACH,
      start: random(),
      falls: Math.round(PERIOD * (0.7 + random() * 0.3)),
    }))
    const geometry = new BufferGeometry().setAttribute('position', new BufferAttribute(new Float32Array(DROPS * 6), 3))
    const material = new LineBasicMaterial({ color: 0xd4dce4, transparent: true, opacity: 0.22, fog: false })
    this.lines = new LineSegments(geometry, material)
    this.lines.frustumCulled = false
    this.lines.renderOrder = 9
  }

  show(strength: number, seconds: number, eye: PerspectiveCamera): void {
    this.lines.visible = strength > 0
    if (strength === 0) return
    const middle = eye
      .getWorldDirection(new Vector3())
      .multiplyScalar(REACH / 2)
      .add(eye.position)
    const position = this.lines.geometry.getAttribute('position')
    for (const [index, { x, z, start, falls }] of this.#drops.entries()) {
      const fallen = ((seconds / PERIOD) * falls + start) % 1
      const top = middle.y + HEIGHT * (0.5 - fallen)
      position.setXYZ(index * 2, middle.x + x, top, middle.z + z)
      position.setXYZ(index * 2 + 1, middle.x + x + 0.05, top + 0.5, middle.z + z)
    }
    position.needsUpdate = true
  }
}
