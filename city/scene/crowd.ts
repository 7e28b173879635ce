import { type BufferGeometry, Group, type Material, Mesh, MeshPhongMaterial } from 'three'
import { onPavement, PAVEMENT_HEIGHT } from '../layout.ts'
import type { RoadUser } from '../protocol.ts'
import { bus, truck } from './heavy-vehicles.ts'
import { assign } from './layers.ts'
import { GAITS, STRIDE, walker } from './people.ts'
import { bicycle, motorcycle, PEDAL_TURN } from './two-wheelers.ts'
import { car, van } from './vehicles.ts'

/** A road user on the stage. */
export interface Member {
  readonly user: RoadUser
  readonly mesh: Mesh
}

/** Draws road users: one mesh each, its geometry chosen by kind, look and phase of the step. */
export class Crowd {
  readonly group = new Group()
  readonly material: Material = new MeshPhongMaterial({ vertexColors: true, specular: 0x2a2a2a, shininess: 40 })
  readonly #geometries = new Map<string, BufferGeometry>()
  readonly #meshes = new Map<number, Mesh>()
  readonly #layer: 'parked' | 'moving'

  constructor(layer: 'parked' | 'moving') {
    this.#layer = layer
  }

  /** Puts these on the stage and everybody else off it. */
  show(users: readonly RoadUser[]): Member[] {
    const members = users.map((user) => ({ user, mesh: this.#placed(user) }))
    const present = new Set(users.map(({ id }) => id))
    for (const [id, mesh] of this.#meshes) {
      if (present.has(id)) continue
      this.group.remove(mesh)
      this.#meshes.delete(id)
    }
    return members
  }

  clear(): void {
    this.show([])
    for (const geometry of this.#geometries.values()) geometry.dispose()
    this.#geometries.clear()
  }

  #placed(user: RoadUser): Mesh {
    const mesh = this.#meshes.get(user.id) ?? this.#newMesh(user.id)
    mesh.geometry = this.#geometryOf(user)
    mesh.position.set(user.x, user.kind === 'person' && onPavement(user) ? PAVEMENT_HEIGHT : 0, user.z)
    mesh.rotation.y = Math.atan2(-user.headingZ, user.headingX)
    mesh.updateMatrixWorld()
    return mesh
  }

  #newMesh(id: number): Mesh {
    const mesh = new Mesh(undefined, this.material)
    assign(mesh, this.#layer)
    mesh.receiveShadow = true
    mesh.castShadow = this.#layer === 'parked'
    this.#meshes.set(id, mesh)
    this.group.add(mesh)
    return mesh
  }

  #geometryOf(user: RoadUser): BufferGeometry {
    const phase = phaseOf(user)
    const key = `${user.kind} ${user.look} ${phase}`
    const known = this.#geometries.get(key)
    if (known) return known
    const geometry = shapeOf(user, phase)
    this.#geometries.set(key, geometry)
    return geometry
  }
}

/** Below this speed, metres per second, a person stands. */
const STANDS = 0.15

function phaseOf({ kind, speed, metres }: RoadUser): number | undefined {
  if (kind === 'bicycle') return cycle(metres / PEDAL_TURN)
  return kind === 'person' && speed > STANDS ? cycle(metres / STRIDE) : undefined
}

const cycle = (turns: number): number => Math.floor((turns - Math.floor(turns)) * GAITS)

function shapeOf({ kind, look }: RoadUser, phase: number | undefined): BufferGeometry {
  if (kind === 'person') return walker(look, phase)
  if (kind === 'bicycle') return bicycle(look, phase ?? 0)
  if (kind === 'motorcycle') return motorcycle(look)
  const size = 0.96 + ((look * 71) % 1) * 0.08
  return vehicleOf(kind, look).scale(size, size, size)
}

/** Every eighth of the parked is a van. */
const isParkedVan = (look: number): boolean => (look * 53) % 1 < 0.125

function vehicleOf(kind: RoadUser['kind'], look: number): BufferGeometry {
  if (kind === 'van' || (kind === 'parked' && isParkedVan(look))) return van(look)
  if (kind === 'truck') return truck(look)
  return kind === 'bus' ? bus(look) : car(look)
}
