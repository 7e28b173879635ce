import { type Attributes, type Constant, type Node, newNode } from './onnx.ts'

/** Puts operations together, giving each result a name of its own. */
export class Builder {
  readonly nodes: Node[] = []
  readonly constants = new Map<string, Constant>()
  #count = 0

  add(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.split(operator, inputs, 1, attributes)[0]!
  }

  /** An operation with so many results. */
  split(operator: string, inputs: readonly string[], results: number, attributes: Attributes = {}): string[] {
    const outputs = Array.from({ length: results }, () => this.#name())
    this.nodes.push(newNode(operator, inputs, outputs, attributes))
    return outputs
  }

  /** Gives a result that is there another name. */
  rename(from: string, to: string): void {
    this.nodes.push(newNode('Identity', [from], [to], {}))
  }

  ints(...values: readonly number[]): string {
    const name = `ints ${values.join(' ')}`
    this.constants.set(name, { dims: [values.length], values: BigInt64Array.from(values.map(BigInt)) })
    return name
  }

  float(value: number): string {
    const name = `float ${value}`
    this.constants.set(name, { dims: [], values: Float32Array.of(value) })
    return name
  }

  #name(): string {
    return `step ${this.#count++}`
  }
}
