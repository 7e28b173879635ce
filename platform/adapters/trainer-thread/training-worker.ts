import { parentPort, workerData } from 'node:worker_threads'
import { messageOf, SentinelError } from '../../errors.ts'
import type { TrainerMessage, TrainerSetup } from './messages.ts'
import { runTraining } from './run-training.ts'

const { job, stop } = workerData as TrainerSetup
const isToStop = new Int32Array(stop)

function send(message: TrainerMessage): void {
  parentPort!.postMessage(message)
}

function fail(error: unknown): void {
  const { code, told } = error instanceof SentinelError ? error : { code: undefined, told: undefined }
  send({ kind: 'failed', code, told, message: messageOf(error) })
}

runTraining(job, (progress) => {
  if (Atomics.load(isToStop, 0) === 1) throw new SentinelError('CANCELLED', 'It was asked to end')
  send({ kind: 'progressed', progress })
}).then((trained) => send({ kind: 'trained', trained }), fail)
