import type { JudgedPicture } from '../evaluation/boxes.ts'
import type { Recipe } from '../events/training.ts'
import { descend, momentumOf } from './adam.ts'
import { ap50Of } from './detection/accuracy.ts'
import { type Answers, zerosLike } from './detection/answers.ts'
import { lossOf, weightOf } from './detection/loss.ts'
import type { Targets } from './detection/targets.ts'
import type { Engine, Features, Weights } from './engine.ts'
import { Rounds } from './rounds.ts'

/** Pictures of a step on each side: of what is taught, and of what is rehearsed. */
const BATCH = 4
/** Looks at the pictures for judging, spread over all steps, and how many without gain end it. */
const [LOOKS, PATIENCE] = [12, 6]
/** Steps between two looks at most: whoever cancels is heard at the next one. */
const MOST_STEPS = 10
/** Share of the steps over which the rate rises. */
const RISE = 0.15
/** Fewer pictures judge by chance: then the last weights are taken. */
const FEWEST_JUDGES = 5

/** A picture made ready to be learnt. */
export interface Example {
  readonly features: Features
  /** What it should be answered with, given what is answered now. */
  readonly targets: (now: Answers) => Targets
  /** What is in it as boxes, beside those that the model finds; undefined where nobody asks for that. */
  readonly judged?: (now: Answers) => JudgedPicture
}

export interface Material {
  readonly taught: readonly Example[]
  readonly rehearsed: readonly Example[]
  /** For judging. */
  readonly val: readonly Example[]
}

export interface FitStep {
  readonly step: number
  readonly loss: number
  /** Null where there is nothing to judge by. */
  readonly valLoss: number | null
  /** Mean average precision at an overlap of 0.5 there; null where nothing is to be found. */
  readonly ap50: number | null
  /** Of what is rehearsed: how far it is from what the old model said. */
  readonly driftLoss: number
}

export interface Fitted {
  readonly weights: Weights
  readonly before: FitStep
  readonly after: FitStep
}

export interface FitOptions {
  readonly recipe: Pick<Recipe, 'steps' | 'learningRate' | 'pull' | 'rehearsal' | 'seed' | 'blend'>
  /** Hears of every look; what it returns is waited for, and what it throws ends the fit. */
  readonly onLook?: (step: FitStep) => void | Promise<void>
}

interface Fit extends FitOptions {
  readonly engine: Engine
  readonly old: Weights
  readonly material: Material
}

/**
 * Teaches by small batches. Where there are pictures enough for judging, the weights that judge best are kept. Between the old weights
 * and those lie ones that know both worlds (Wortsman et al., "Robust fine-tuning of zero-shot models", arXiv:2109.01903): the recipe's
 * `blend` says where.
 */
export async function fit(engine: Engine, old: Weights, material: Material, options: FitOptions): Promise<Fitted> {
  const whole: Fit = { engine, old, material, ...options }
  const { steps, learningRate, seed } = options.recipe
  const now = copied(old)
  const momentum = momentumOf(now, engine.offsets)
  const rounds = [new Rounds(material.taught, BATCH, seed), new Rounds(material.rehearsed, BATCH, seed + 1)] as const
  const before = await look(whole, now, 0)
  await options.onLook?.(before)
  let best = { weights: old, step: 0, valLoss: before.valLoss }
  const lookEvery = Math.max(1, Math.min(MOST_STEPS, Math.round(steps / LOOKS)))
  const isJudged = material.val.length >= FEWEST_JUDGES
  for (let step = 1; step <= steps; step++) {
    const { gradient, loss, driftLoss } = await gradientAt(whole, now, [rounds[0].next(), rounds[1].next()])
    descend(now, gradient, momentum, { rate: learningRate * course(step / steps), step })
    if (step % lookEvery !== 0 && step !== steps) continue
    const { valLoss, ap50 } = await judge(engine, now, material.val)
    await options.onLook?.({ step, loss, driftLoss, valLoss, ap50 })
    if (!isJudged || valLoss! < best.valLoss!) best = { weights: copied(now), step, valLoss }
    else if (step - best.step >= lookEvery * PATIENCE) break
  }
  const weights = between(old, best.weights, options.recipe.blend ?? 1)
  return { weights, before, after: await look(whole, weights, best.step) }
}

function between(old: Weights, learnt: Weights, share: number): Weights {
  if (share === 1) return learnt
  const blended = (name: string, values: Float32Array) => {
    const before = old.get(name)!
    return values.map((value, i) => before[i]! + share * (value - before[i]!))
  }
  return new Map([...learnt].map(([name, values]) => [name, blended(name, values)]))
}

const copied = (weights: Weights): Weights => new Map([...weights].map(([name, values]) => [name, values.slice()]))

/** Share of the rate: a short rise, because Adam's first steps are as long as all others and know least; then down to 0. */
function course(progress: number): number {
  return Math.min(1, progress / RISE) * ((1 + Math.cos(Math.PI * progress)) / 2)
}

async function look({ engine, material }: Fit, now: Weights, step: number): Promise<FitStep> {
  const mean = (examples: readonly Example[]) => meanLoss(engine, now, examples)
  const [loss, driftLoss] = [(await mean(material.taught)) ?? 0, (await mean(material.rehearsed)) ?? 0]
  return { step, loss, driftLoss, ...(await judge(engine, now, material.val)) }
}

/** How well the pictures for judging are answered. */
async function judge(
  engine: Engine,
  now: Weights,
  val: readonly Example[],
): Promise<Pick<FitStep, 'valLoss' | 'ap50'>> {
  const pictures: JudgedPicture[] = []
  const valLoss = await meanLoss(engine, now, val, ({ judged }, answers) => {
    if (judged) pictures.push(judged(answers))
  })
  return { valLoss, ap50: ap50Of(pictures) }
}

/** Per object; null where there are no examples. @param hear of what each is answered with. */
async function meanLoss(
  engine: Engine,
  now: Weights,
  examples: readonly Example[],
  hear?: (example: Example, answers: Answers) => void,
): Promise<number | null> {
  const batches = new Rounds(examples, BATCH, 0).once()
  const answered = await Promise.all(batches.map((batch) => engine.answers(now, featuresOf(batch))))
  let [loss, objects] = [0, 0]
  for (const [n, batch] of batches.entries()) {
    const answers = answered[n]!
    for (const [at, each] of answers.entries()) hear?.(batch[at]!, each)
    const one = lossOn(batch, answers)
    loss += one.loss
    objects += one.objects
  }
  return examples.length === 0 ? null : loss / Math.max(1, objects)
}

const featuresOf = (batch: readonly Example[]): Features[] => batch.map(({ features }) => features)

/** The sum of what each picture loses and how much there is to find, and if asked the derivatives by the answers. */
function lossOn(batch: readonly Example[], answers: readonly Answers[], factor?: number) {
  const targets = answers.map((each, at) => batch[at]!.targets(each))
  const objects = targets.reduce((sum, each) => sum + weightOf(each), 0)
  const share = factor === undefined ? 1 : factor / Math.max(1, objects)
  const derivatives = answers.map(zerosLike)
  const losses = answers.map((each, at) => lossOf(each, targets[at]!, share, derivatives[at]!))
  return { loss: losses.reduce((sum, each) => sum + each, 0), objects, derivatives }
}

/** Of what is taught, what must not be forgotten, and the pull to the old weights. */
async function gradientAt(
  { engine, old, recipe: { pull, rehearsal } }: Fit,
  now: Weights,
  [taught, rehearsed]: readonly [readonly Example[], readonly Example[]],
) {
  const of = async (batch: readonly Example[], factor: number) => {
    if (batch.length === 0 || factor === 0) return { loss: 0, slopes: undefined }
    let loss = 0
    const slopes = await engine.derivatives(now, featuresOf(batch), (answers) => {
      const judged = lossOn(batch, answers, factor)
      loss = judged.loss / factor
      return judged.derivatives
    })
    return { loss, slopes }
  }
  // At the same time where the engine has a thread for each.
  const [first, second] = await Promise.all([of(taught, 1), of(rehearsed, rehearsal)])
  const gradient = new Map<string, Float32Array>()
  for (const [name, values] of now) {
    const [a, b, before] = [first.slopes?.get(name), second.slopes?.get(name), old.get(name)!]
    gradient.set(
      name,
      values.map((value, i) => (a?.[i] ?? 0) + (b?.[i] ?? 0) + pull * (value - before[i]!)),
    )
  }
  return { gradient, loss: first.loss, driftLoss: second.loss }
}
