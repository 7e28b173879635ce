import { parentPort, workerData } from 'node:worker_threads'
import { learningOf } from '../../training/depth.ts'
import { type Answered, Learner } from '../model-onnxruntime/learner.ts'
import { failureOf } from './failure.ts'
import type { HelperAnswer, HelperSetup, HelperTask } from './messages.ts'

const { model, method } = workerData as HelperSetup
const learner = new Learner(learningOf(model, method))
let answered: Answered | undefined

async function answerTo(task: Exclude<HelperTask, { kind: 'end' }>): Promise<HelperAnswer> {
  if (task.kind === 'backwards') return { kind: 'derived', byWeights: await answered!.back(task.byAnswers) }
  const { weights, pictures } = task
  if (task.kind === 'answer') return { kind: 'answered', answers: await learner.answers(weights, pictures) }
  answered = await learner.answer(weights, pictures)
  return { kind: 'answered', answers: answered.answers }
}

async function end(): Promise<void> {
  await learner.close()
  parentPort!.close()
}

parentPort!.on('message', async (task: HelperTask) => {
  if (task.kind === 'end') await end()
  else parentPort!.postMessage(await answerTo(task).catch(failureOf))
})
