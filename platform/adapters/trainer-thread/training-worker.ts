import { parentPort, workerData } from 'node:worker_threads'
import { SentinelError } from '../../errors.ts'
import { failureOf } from './failure.ts'
import { giveWay } from './give-way.ts'
import type { TrainerMessage, TrainerSetup } from './messages.ts'
import { runTraining } from './run-training.ts'

giveWay()
const { job, stop } = workerData as TrainerSetup
const isToStop = new Int32Array(stop)

function send(message: TrainerMessage): void {
  parentPort!.postMessage(message)
}

runTraining(job, (progress) => {
  if (Atomics.load(isToStop, 0) === 1) throw new SentinelError('CANCELLED', 'It was asked to end')
  send({ kind: 'progressed', progress })
}).then(
  (trained) => send({ kind: 'trained', trained }),
  (error: unknown) => send(failureOf(error)),
)
