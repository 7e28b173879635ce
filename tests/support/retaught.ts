import { readNetwork } from '../../platform/training/network/onnx.ts'
import { withWeights } from '../../platform/training/rewrite.ts'

/** The same network with other weights. */
export function retaught(onnx: Uint8Array): Uint8Array {
  const { stored, constants } = readNetwork(onnx)
  const name = [...stored].find((each) => constants.get(each)!.values instanceof Float32Array)!
  const values = constants.get(name)!.values as Float32Array
  return withWeights(onnx, new Map([[name, values.map((value) => value * 1.01)]]))
}
