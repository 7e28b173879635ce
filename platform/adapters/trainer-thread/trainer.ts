import { arch, availableParallelism, cpus, platform } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Trained, Trainer, TrainingJob, TrainOptions } from '../../ports/trainer.ts'
import { errorOf } from './failure.ts'
import type { TrainerMessage, TrainerSetup } from './messages.ts'

/** Teaches in a thread of its own for each training, which ends with it and takes its memory along. */
export class ThreadTrainer implements Trainer {
  readonly machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${platform()}-${arch()}`

  /** A thread is asked to end, never terminated: onnxruntime takes the whole process along when it is in the middle of a run. */
  async train(job: TrainingJob, { signal, onProgress }: TrainOptions): Promise<Trained> {
    signal.throwIfAborted()
    const stop = new SharedArrayBuffer(4)
    const onAbort = (): void => void Atomics.store(new Int32Array(stop), 0, 1)
    signal.addEventListener('abort', onAbort)
    try {
      const last = await lastMessage({ job, stop }, onProgress)
      signal.throwIfAborted()
      if (last.kind === 'trained') return last.trained
      throw errorOf(last)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

type LastMessage = Exclude<TrainerMessage, { kind: 'progressed' }>

/** What the thread says at its end, once it has ended. */
function lastMessage(workerData: TrainerSetup, onProgress: TrainOptions['onProgress']): Promise<LastMessage> {
  const worker = new Worker(new URL('training-worker.ts', import.meta.url), { workerData })
  return new Promise((resolve, reject) => {
    let last: LastMessage | undefined
    worker.on('message', (message: TrainerMessage) => {
      if (message.kind === 'progressed') onProgress(message.progress)
      else last = message
    })
    worker.on('error', reject)
    worker.on('exit', () => (last ? resolve(last) : reject(new Error('The training thread ended without a word'))))
  })
}
