import { join } from 'node:path'
import { builtIn } from '../../platform/hosts/local/built-in.ts'
import { root } from '../../platform/paths.ts'
import { sharedFile } from '../support/shared.ts'
import { type Benchmark, type Figures, median } from './figures.ts'
import { Bare, RECTANGLE } from './pipeline/bare.ts'
import { Ours, type Subject } from './pipeline/ours.ts'
import { pythonIsThere, pythonMs } from './pipeline/python.ts'

const ROUNDS = 5
/** What yolox_nano declares. */
const DECLARED = { width: 416, height: 416 }

type Round = Readonly<Record<string, number>>
type Say = (text: string) => void

/** CPU time of a frame from decoding to the published event, beside the bare model and Python pipelines, in turns. */
export const pipeline: Benchmark = {
  about:
    'CPU time a frame, decode to published event, over that of bare inference in the same run (yolox_nano on the shared clip, the base detector on a clip of the city)',
  async run(say) {
    const base = { model: builtIn.model, clip: join(root, 'city', 'clips', 'north-west-junction.mp4') }
    return { ...(await sharedFigures(say)), ...(await baseFigures(base, say)) }
  },
}

async function sharedFigures(say: Say): Promise<Figures> {
  const files = {
    clip: sharedFile('video/intel_car-detection.mp4'),
    model: sharedFile('models/yolox_nano.onnx'),
    names: sharedFile('models/coco80.names'),
  }
  const missing = files.clip.skip || files.model.skip || files.names.skip
  if (missing) {
    say(`yolox_nano is left out: ${missing}`)
    return {}
  }
  const python = await pythonIsThere()
  if (!python)
    say('Python with numpy, onnxruntime and opencv is not there: overTunedPython and overDefaultPython are left out')
  const subject = { clip: files.clip.path, model: files.model.path, names: files.names.path }
  return yoloxFigures(subject, python, say)
}

async function yoloxFigures(subject: Subject, python: boolean, say: Say): Promise<Figures> {
  const bare = await Bare.open(subject.model, DECLARED)
  const bareSameInput = await Bare.open(subject.model, RECTANGLE)
  const ours = await Ours.open(subject)
  const round = async (): Promise<Round> => {
    const before = await bare.measure()
    const plain = await ours.measure()
    const evidence = await ours.measure(true)
    const sameInput = await bareSameInput.measure()
    const mean = (before + (await bare.measure())) / 2
    const others = python && {
      tuned: await pythonMs('tuned.py', subject),
      default: await pythonMs('default.py', subject),
    }
    return { bare: mean, plain, evidence, sameInput, ...others }
  }
  try {
    return yoloxRatios(await inTurns('yolox_nano', round, say), python, ours.stages)
  } finally {
    await ours.close()
  }
}

function yoloxRatios(rounds: readonly Round[], python: boolean, stages: Figures): Figures {
  const ratio = (a: string, b: string): number => ratioOf(rounds, a, b)
  return {
    overBare: ratio('plain', 'bare'),
    overBareWithEvidence: ratio('evidence', 'bare'),
    ...(python && { overTunedPython: ratio('plain', 'tuned'), overDefaultPython: ratio('plain', 'default') }),
    overBareSameInput: ratio('plain', 'sameInput'),
    bareCpuMs: middleOf(rounds, 'bare'),
    bareCpuMsSameInput: middleOf(rounds, 'sameInput'),
    cpuMs: middleOf(rounds, 'plain'),
    cpuMsWithEvidence: middleOf(rounds, 'evidence'),
    ...stages,
  }
}

async function baseFigures(subject: Subject, say: Say): Promise<Figures> {
  const bare = await Bare.open(subject.model, RECTANGLE)
  const ours = await Ours.open(subject)
  try {
    const rounds = await inTurns(
      'base detector',
      async () => ({ bare: await bare.measure(), plain: await ours.measure(), evidence: await ours.measure(true) }),
      say,
    )
    return {
      baseOverBare: ratioOf(rounds, 'plain', 'bare'),
      baseBareCpuMs: middleOf(rounds, 'bare'),
      baseCpuMs: middleOf(rounds, 'plain'),
      baseCpuMsWithEvidence: middleOf(rounds, 'evidence'),
    }
  } finally {
    await ours.close()
  }
}

async function inTurns(name: string, measure: () => Promise<Round>, say: Say): Promise<Round[]> {
  const rounds: Round[] = []
  while (rounds.length < ROUNDS) {
    const round = await measure()
    rounds.push(round)
    const told = Object.entries(round).map(([what, ms]) => `${what} ${ms.toFixed(1)} ms`)
    say(`${name}, round ${rounds.length} of ${ROUNDS}: ${told.join(', ')}`)
  }
  return rounds
}

const middleOf = (rounds: readonly Round[], name: string): number => median(rounds.map((round) => round[name]!))

const ratioOf = (rounds: readonly Round[], a: string, b: string): number =>
  median(rounds.map((round) => round[a]! / round[b]!))
