import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHead } from './head.ts'
import type { Constant, Network, Node } from './network/onnx.ts'

const node = (opType: string, input: string[], output: string): Node => ({
  opType,
  input,
  output: [output],
  attribute: [],
})

/** The end of a network as YOLOv5's own exporter writes it: for each stride one convolution for three anchors, decoded behind it. */
function anchored(): Network {
  const strides = ['8', '16', '32']
  const level = (s: string): Node[] => [
    node('Conv', [`features ${s}`, `weight ${s}`, `bias ${s}`], `raw ${s}`),
    node('Sigmoid', [`raw ${s}`], `shares ${s}`),
    node('Split', [`shares ${s}`], `sizes ${s}`),
    node('Mul', [`sizes ${s}`, 'two'], `doubled ${s}`),
    node('Pow', [`doubled ${s}`, 'two'], `squared ${s}`),
    node('Mul', [`squared ${s}`, `anchors ${s}`], `level ${s}`),
  ]
  const weights = strides.flatMap((s): [string, Constant][] => [
    [`weight ${s}`, { dims: [21, 4, 1, 1], values: new Float32Array(84) }],
    [`bias ${s}`, { dims: [21], values: new Float32Array(21) }],
  ])
  const all = node(
    'Concat',
    strides.map((s) => `level ${s}`),
    'output',
  )
  const nodes = [...strides.flatMap(level), all]
  const constants = new Map(weights)
  return { nodes, constants, stored: new Set(constants.keys()), outputs: ['output'] }
}

test('a model with anchors is refused by what it is, and told which exports can learn', () => {
  const message = /three anchors a cell, as YOLOv5 and YOLOv7 of their own code have\. .* \(v5u, v8, v9, v10, v11/
  assert.throws(() => readHead(anchored()), { code: 'MODEL_INVALID', message })
})
