import {
  AdditiveBlending,
  type BufferGeometry,
  Color,
  Group,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  type Texture,
} from 'three'
import { type Lamp, layoutOf } from '../layout.ts'
import type { Light, Tints } from '../moods.ts'
import { type Buildings, buildings } from './buildings.ts'
import { furniture, Lenses, lampHead } from './furniture.ts'
import { type Ground, ground } from './ground.ts'
import { assign } from './layers.ts'
import { markings } from './markings.ts'
import { merged } from './sculpture.ts'

/** Everything that stands still, and the lenses of the traffic lights. */
export class Town {
  readonly group = new Group()
  readonly lenses: Lenses
  readonly lampHeads: readonly (readonly [number, number, number])[]
  readonly #buildings: Buildings
  readonly #ground: Ground
  readonly #pools: Mesh<BufferGeometry, MeshBasicMaterial>

  constructor(seed: number, glow: Texture) {
    const layout = layoutOf(seed)
    this.#buildings = buildings(layout.lots, seed)
    this.#ground = ground(seed, layout.park)
    this.lenses = new Lenses(layout.signals)
    this.lampHeads = layout.lamps.map(lampHead)
    this.#pools = pools(layout.lamps, glow)
    this.group.add(assign(this.#ground.group, 'ground'), assign(markings(), 'ground'), assign(this.#pools, 'pools'))
    this.group.add(assign(this.#buildings.group, 'town'), assign(furniture(layout), 'town'))
    this.group.add(assign(this.lenses.group, 'lenses'))
  }

  set({ windows, lamps, wet }: Light, { road, pavement, wall }: Tints): void {
    const dark = 1 - 0.35 * wet
    this.#ground.road.color.setRGB(road[0] * dark, road[1] * dark, road[2] * dark)
    this.#ground.pavement.color.setRGB(pavement[0] * dark, pavement[1] * dark, pavement[2] * dark)
    for (const material of this.#buildings.walls) {
      material.color.setRGB(...(wall as [number, number, number]))
      material.emissiveIntensity = windows
    }
    this.#pools.visible = lamps > 0
    this.#pools.material.opacity = Math.min(1, lamps)
  }

  dispose(): void {
    this.group.traverse((thing) => {
      if (!(thing instanceof Mesh)) return
      thing.geometry.dispose()
      thing.material.map?.dispose()
      thing.material.emissiveMap?.dispose()
      thing.material.dispose()
    })
  }
}

/** The light that street lamps throw on the road. */
function pools(lamps: readonly Lamp[], glow: Texture): Mesh<BufferGeometry, MeshBasicMaterial> {
  const quads = lamps.map((lamp) => {
    const [x, , z] = lampHead(lamp)
    return new PlaneGeometry(36, 36).rotateX(-Math.PI / 2).translate(x, 0.2, z)
  })
  const material = new MeshBasicMaterial({
    map: glow,
    color: new Color(2.4, 1.5, 0.75),
    transparent: true,
    blending: AdditiveBlending,
    depthWrite: false,
    fog: false,
  })
  const mesh = new Mesh(merged(quads), material)
  mesh.renderOrder = 1
  return mesh
}
