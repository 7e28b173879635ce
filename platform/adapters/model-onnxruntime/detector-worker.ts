import { parentPort, workerData } from 'node:worker_threads'
import { codeOf, type ErrorCode, messageOf } from '../../errors.ts'
import type { Pixels } from '../../events/image.ts'
import { describeModel } from '../../models/describe.ts'
import { JpegDecoder, pixelBytes } from '../pictures/codec.ts'
import { Detector } from './detector.ts'
import type { WorkerAnswer, WorkerJob, WorkerSetup } from './messages.ts'

const { file, onnx, told, probe, providers, thresholds } = workerData as WorkerSetup
const decoder = new JpegDecoder()

function send(answer: WorkerAnswer): void {
  parentPort!.postMessage(answer)
}

function fail(error: unknown, fallback: ErrorCode): void {
  send({ kind: 'failed', code: (codeOf(error) as ErrorCode) ?? fallback, message: messageOf(error) })
}

/** The shape of most cameras. */
const WIDE = { width: 64, height: 36 }

/** The first picture pays for allocations and code paths that later ones find ready. */
async function warmUp(detector: Detector): Promise<void> {
  await detector.detect({ ...WIDE, data: new SharedArrayBuffer(pixelBytes(WIDE.width, WIDE.height)) })
}

/** One thread tries them all: what a thread loads before it runs anything takes longer than to find that a provider is not there. */
async function start(): Promise<Detector> {
  let whyNotBetter: string | undefined
  for (const provider of providers.slice(0, -1)) {
    try {
      return await startOn(provider, whyNotBetter)
    } catch (error) {
      whyNotBetter = messageOf(error)
    }
  }
  return startOn(providers.at(-1)!, whyNotBetter)
}

async function startOn(provider: string, whyNotBetter: string | undefined): Promise<Detector> {
  const detector = await Detector.open(file, describeModel(file, onnx, told, probe), provider, thresholds)
  await warmUp(detector)
  send({ kind: 'ready', provider, whyNotBetter, whyOnlyDeclared: detector.whyOnlyDeclared })
  return detector
}

async function work(detector: Detector, job: WorkerJob): Promise<void> {
  try {
    const pixels: Pixels = 'pixels' in job ? job.pixels : decoder.decode(job.jpeg)
    send({ kind: 'detected', detection: await detector.detect(pixels) })
  } catch (error) {
    fail(error, 'MODEL_UNAVAILABLE')
  }
}

start().then(
  (detector) => parentPort!.on('message', (job: WorkerJob) => work(detector, job)),
  (error: unknown) => fail(error, 'MODEL_INVALID'),
)
