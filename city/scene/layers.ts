import type { Camera, Object3D } from 'three'

/** Parts of the scene that a pass draws or leaves out. Lights stay on layer 0, which every camera sees. */
export const LAYER = {
  town: 1,
  ground: 2,
  pools: 3,
  parked: 4,
  moving: 5,
  dome: 6,
  streetLamps: 7,
  vehicleLamps: 8,
  beams: 9,
  rain: 10,
  lenses: 11,
} as const
export type Layer = keyof typeof LAYER

export function assign<Thing extends Object3D>(thing: Thing, layer: Layer): Thing {
  thing.traverse((part) => part.layers.set(LAYER[layer]))
  return thing
}

/** What the camera draws from now on. */
export function look(camera: Camera, ...layers: readonly Layer[]): void {
  camera.layers.set(0)
  for (const layer of layers) camera.layers.enable(LAYER[layer])
}
