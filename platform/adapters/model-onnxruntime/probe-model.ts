import type * as ort from 'onnxruntime-node'
import { messageOf, SentinelError } from '../../errors.ts'
import { imageInput } from '../../models/input.ts'
import type { OnnxFile } from '../../models/onnx.ts'
import { type Probe, probed, probeSize } from '../../models/probe.ts'
import { floatsOf, InputTensor } from './input-tensor.ts'
import { openSession } from './sessions.ts'

/**
 * Runs a model once on a picture of nothing, where its file leaves open what comes out.
 *
 * @throws SentinelError `MODEL_INVALID` when it does not run.
 */
export async function probeModel(file: string, onnx: OnnxFile): Promise<Probe | undefined> {
  const size = probeSize(file, onnx)
  if (!size) return undefined
  const { name, numbers } = imageInput(file, onnx)
  try {
    const session = await openSession(file, 'cpu')
    const outputs = await session.run({ [name]: new InputTensor(numbers, size).tensor })
    await session.release()
    return { ...size, outputs: onnx.outputs.map((output) => answerOf(outputs[output.name]!)) }
  } catch (cause) {
    const reason = messageOf(cause).split('\n')[0]
    throw new SentinelError('MODEL_INVALID', `The model does not run: ${reason}`, { cause })
  }
}

function answerOf(output: ort.Tensor): ReturnType<typeof probed> {
  return probed({ data: floatsOf(output), dimensions: output.dims })
}
