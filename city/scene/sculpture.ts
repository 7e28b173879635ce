import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  Color,
  CylinderGeometry,
  ExtrudeGeometry,
  Matrix4,
  Quaternion,
  Shape,
  SphereGeometry,
  TorusGeometry,
  Vector3,
} from 'three'

export type Vector = readonly [x: number, y: number, z: number]

/** One geometry made of painted parts, metres. Vehicles and people face +x, y is up. */
export class Sculpture {
  readonly #parts: BufferGeometry[] = []

  add(geometry: BufferGeometry, colour: number): this {
    this.#parts.push(painted(geometry, colour))
    return this
  }

  /** A box by its size along x, y and z and its middle. */
  box([length, height, width]: Vector, [x, y, z]: Vector, colour: number): this {
    return this.add(new BoxGeometry(length, height, width).translate(x, y, z), colour)
  }

  /** A side view drawn in (x, y), `width` wide across z; `taper` narrows it towards its top. */
  profile(points: readonly (readonly [number, number])[], width: number, colour: number, taper = 0): this {
    return this.add(tapered(extruded(points, width), taper), colour)
  }

  cylinder(radius: number, from: Vector, to: Vector, colour: number, segments = 8): this {
    return this.add(between(radius, radius, from, to, segments), colour)
  }

  /** A limb that gets thinner towards its end. */
  cone(radii: readonly [number, number], from: Vector, to: Vector, colour: number, segments = 6): this {
    return this.add(between(radii[0], radii[1], from, to, segments), colour)
  }

  ball(radius: number, [x, y, z]: Vector, colour: number, scale: Vector = [1, 1, 1]): this {
    const ball = new SphereGeometry(radius, 8, 6).scale(...(scale as [number, number, number]))
    return this.add(ball.translate(x, y, z), colour)
  }

  blob(radius: number, [x, y, z]: Vector, colour: number): this {
    return this.add(lumpy(new SphereGeometry(radius, 11, 8)).translate(x, y, z), colour)
  }

  wheel(radius: number, width: number, [x, y, z]: Vector): this {
    this.cylinder(radius, [x, y, z - width / 2], [x, y, z + width / 2], 0x17181a, 14)
    return this.cylinder(radius * 0.58, [x, y, z - width / 2 - 0.01], [x, y, z + width / 2 + 0.01], 0x8d9196, 8)
  }

  tyre(radius: number, thickness: number, [x, y, z]: Vector): this {
    return this.add(new TorusGeometry(radius - thickness, thickness, 5, 16).translate(x, y, z), 0x1b1b1d)
  }

  geometry(): BufferGeometry {
    return merged(this.#parts)
  }
}

/** All parts as one geometry without an index, with the attributes of the first. */
export function merged(parts: readonly BufferGeometry[]): BufferGeometry {
  const loose = parts.map((part) => (part.index ? part.toNonIndexed() : part))
  const result = new BufferGeometry()
  for (const name of Object.keys(loose[0]?.attributes ?? {})) {
    const { itemSize } = loose[0]!.getAttribute(name)
    const arrays = loose.map((part) => part.getAttribute(name).array as Float32Array)
    const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const array of arrays) {
      all.set(array, at)
      at += array.length
    }
    result.setAttribute(name, new BufferAttribute(all, itemSize))
  }
  return result
}

function painted(geometry: BufferGeometry, colour: number): BufferGeometry {
  const loose = geometry.index ? geometry.toNonIndexed() : geometry
  loose.deleteAttribute('uv')
  const { r, g, b } = new Color(colour)
  const colours = new Float32Array(loose.getAttribute('position').count * 3)
  for (let at = 0; at < colours.length; at += 3) colours.set([r, g, b], at)
  return loose.setAttribute('color', new BufferAttribute(colours, 3))
}

const BEVEL = 0.06

function extruded(points: readonly (readonly [number, number])[], width: number): BufferGeometry {
  const shape = new Shape()
  for (const [index, [x, y]] of points.entries()) index === 0 ? shape.moveTo(x, y) : shape.lineTo(x, y)
  const depth = width - 2 * BEVEL
  const geometry = new ExtrudeGeometry(shape, {
    depth,
    bevelSize: BEVEL,
    bevelOffset: -BEVEL,
    bevelThickness: BEVEL,
    bevelSegments: 1,
  })
  return geometry.translate(0, 0, -depth / 2)
}

function tapered(geometry: BufferGeometry, taper: number): BufferGeometry {
  if (taper === 0) return geometry
  geometry.computeBoundingBox()
  const { min, max } = geometry.boundingBox!
  const position = geometry.getAttribute('position')
  for (let at = 0; at < position.count; at++) {
    const up = (position.getY(at) - min.y) / (max.y - min.y)
    position.setZ(at, position.getZ(at) * (1 - taper * up))
  }
  geometry.computeVertexNormals()
  return geometry
}

const UP = new Vector3(0, 1, 0)

function between(start: number, end: number, from: Vector, to: Vector, segments: number): BufferGeometry {
  const a = new Vector3(...from)
  const way = new Vector3(...to).sub(a)
  const geometry = new CylinderGeometry(end, start, way.length(), segments)
  const turn = new Quaternion().setFromUnitVectors(UP, way.clone().normalize())
  return geometry.applyMatrix4(new Matrix4().compose(a.addScaledVector(way, 0.5), turn, new Vector3(1, 1, 1)))
}

function lumpy(geometry: BufferGeometry): BufferGeometry {
  const position = geometry.getAttribute('position')
  for (let at = 0; at < position.count; at++) {
    const [x, y, z] = [position.getX(at), position.getY(at), position.getZ(at)]
    const swell = 1 + Math.sin(x * 4.1 + y * 5.3) * 0.1 + Math.sin(z * 6.7 - y * 3.1) * 0.1
    position.setXYZ(at, x * swell, y * swell, z * swell)
  }
  geometry.computeVertexNormals()
  return geometry
}
