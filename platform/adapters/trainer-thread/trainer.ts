import { arch, availableParallelism, cpus, platform } from 'node:os'
import { Worker } from 'node:worker_threads'
import { SentinelError } from '../../errors.ts'
import type { Trained, Trainer, TrainingJob, TrainOptions } from '../../ports/trainer.ts'
import type { TrainerMessage } from './messages.ts'

/** Teaches in a thread of its own for each training, which ends with it and takes its memory along. */
export class ThreadTrainer implements Trainer {
  readonly machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${platform()}-${arch()}`

  train(job: TrainingJob, { signal, onProgress }: TrainOptions): Promise<Trained> {
    signal.throwIfAborted()
    const worker = new Worker(new URL('training-worker.ts', import.meta.url), { workerData: job })
    const ended = new Promise<Trained>((resolve, reject) => {
      worker.on('message', (message: TrainerMessage) => {
        if (message.kind === 'progressed') onProgress(message.progress)
        if (message.kind === 'trained') resolve(message.trained)
        if (message.kind === 'failed') reject(errorOf(message))
      })
      worker.on('error', reject)
      worker.on('exit', () => reject(new Error('The training thread ended without a word')))
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
    return ended.finally(() => worker.terminate())
  }
}

function errorOf({ code, message }: TrainerMessage & { kind: 'failed' }): Error {
  return code ? new SentinelError(code, message) : new Error(message)
}
