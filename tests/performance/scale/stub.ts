import type { Box } from '../../../platform/events/frame.ts'
import type { Detection, RunningModels } from '../../../platform/ports/model.ts'

const SEEN: readonly Box[] = [0.1, 0.3, 0.5, 0.7].map((x) => ({ class: 'car', score: 0.9, box: [x, 0.4, 0.1, 0.1] }))

const INFO = {
  ...{ digest: '5'.repeat(64), name: 'stub', family: 'yolox', classes: ['car'], provider: 'cpu' },
  ...{ inputWidth: 640, inputHeight: 384 },
}

/**
 * In place of a model, in this benchmark alone: it computes nothing and always sees the same four cars. It works on one picture after the
 * other, each for `costMs`, as an accelerator of its own would; with 0 only the log, the host and the tracker are left.
 */
export function stubbedModel(costMs: number): RunningModels {
  let free = Promise.resolve()
  const detect = async (): Promise<Detection> => {
    if (costMs > 0) {
      free = free.then(() => new Promise((resolve) => setTimeout(resolve, costMs)))
      await free
    }
    return { boxes: SEEN, timings: { prepareMs: 0, inferMs: costMs, decodeMs: 0 } }
  }
  return { for: () => ({ info: INFO, detect }), check: async () => {}, close: async () => {} }
}
