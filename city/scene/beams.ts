import { AdditiveBlending, InstancedMesh, Matrix4, MeshBasicMaterial, PlaneGeometry } from 'three'
import type { RoadUser } from '../protocol.ts'
import { SIZES } from '../simulation/traffic.ts'
import { beam } from './textures.ts'

const MOST = 256
const LENGTH = 17
const WIDTH = 6.5

/** Headlights on the road ahead. */
export class Beams {
  readonly mesh: InstancedMesh<PlaneGeometry, MeshBasicMaterial>

  constructor() {
    const quad = new PlaneGeometry(WIDTH, LENGTH)
      .rotateX(-Math.PI / 2)
      .rotateY(-Math.PI / 2)
      .translate(LENGTH / 2, 0.1, 0)
    const material = new MeshBasicMaterial({
      map: beam(),
      color: 0xffe8c4,
      transparent: true,
      blending: AdditiveBlending,
      depthWrite: false,
      fog: false,
    })
    this.mesh = new InstancedMesh(quad, material, MOST)
    this.mesh.frustumCulled = false
    this.mesh.renderOrder = 2
  }

  show(users: readonly RoadUser[], strength: number): void {
    const drivers = users.filter(({ kind }) => !['person', 'parked', 'bicycle'].includes(kind)).slice(0, MOST)
    this.mesh.visible = strength > 0
    this.mesh.material.opacity = Math.min(1, strength * 0.55)
    this.mesh.count = drivers.length
    for (const [index, user] of drivers.entries()) this.mesh.setMatrixAt(index, placeOf(user))
    this.mesh.instanceMatrix.needsUpdate = true
  }
}

function placeOf({ kind, x, z, headingX, headingZ }: RoadUser): Matrix4 {
  const ahead = SIZES[kind][0] / 2
  const turn = new Matrix4().makeRotationY(Math.atan2(-headingZ, headingX))
  return turn.setPosition(x + headingX * ahead, 0, z + headingZ * ahead)
}
