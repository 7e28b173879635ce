import { parentPort, workerData } from 'node:worker_threads'
import { type ErrorCode, messageOf, SentinelError } from '../../errors.ts'
import type { TrainingJob } from '../../ports/trainer.ts'
import type { TrainerMessage } from './messages.ts'
import { runTraining } from './run-training.ts'

function send(message: TrainerMessage): void {
  parentPort!.postMessage(message)
}

function fail(error: unknown): void {
  const code: ErrorCode | undefined = error instanceof SentinelError ? error.code : undefined
  send({ kind: 'failed', code, message: messageOf(error) })
}

runTraining(workerData as TrainingJob, (progress) => send({ kind: 'progressed', progress })).then(
  (trained) => send({ kind: 'trained', trained }),
  fail,
)
