import type { JudgedPicture } from './boxes.ts'
import { type AreaRange, type Matching, matchEach } from './matching.ts'
import { type Curve, curveOf, hitsAbove } from './precision.ts'

const ANY: AreaRange = { from: 0, to: 1e10 }
/** Sides of 32 and 96 pixels, as COCO divides them. */
export const SIZES = {
  small: { from: 0, to: 32 ** 2 },
  medium: { from: 32 ** 2, to: 96 ** 2 },
  large: { from: 96 ** 2, to: 1e10 },
} as const satisfies Record<string, AreaRange>
type Size = keyof typeof SIZES

/** Shares of 1; null where there is nothing to find. */
export interface Accuracy {
  /** Boxes of truth that count. */
  readonly boxes: number
  /** Mean over overlaps of 0.50 to 0.95. */
  readonly ap: number | null
  readonly ap50: number | null
  readonly ap75: number | null
  /** With the best 100 boxes of a class in a picture, mean over overlaps of 0.50 to 0.95. */
  readonly recall: number | null
}

/** Of boxes of at least the operating score, at an overlap of 0.5. */
export interface Operating {
  /** Null where nothing was found. */
  readonly precisionAtScore: number | null
  readonly recallAtScore: number | null
}

export interface ClassAccuracy extends Accuracy, Operating {
  readonly class: string
}

/** Means are over classes, so that rare ones count as much as frequent ones. */
export interface Evaluation extends Accuracy, Operating {
  readonly pictures: number
  readonly operatingScore: number
  readonly byClass: readonly ClassAccuracy[]
  readonly bySize: Readonly<Record<Size, Accuracy>>
}

export interface EvaluateOptions {
  /** Those that count; without it all that the truth has. */
  readonly classes?: readonly string[]
  /** Score from which an operator sees a box. */
  readonly operatingScore: number
}

/** How good boxes are by the rules of the COCO evaluation. */
export function evaluate(pictures: readonly JudgedPicture[], { classes, operatingScore }: EvaluateOptions): Evaluation {
  const names = classes ?? [...new Set(pictures.flatMap(({ truth }) => truth.map((box) => box.class)))].sort()
  const judged = names.map((name) => judge(name, pictures))
  const all = judged.map(({ any }) => any)
  return {
    pictures: pictures.length,
    operatingScore,
    ...accuracyOf(all),
    ...operating(all.flat(), operatingScore),
    byClass: judged.map(({ name, any }) => ({ class: name, ...accuracyOf([any]), ...operating(any, operatingScore) })),
    bySize: {
      small: accuracyOf(judged.map(({ small }) => small)),
      medium: accuracyOf(judged.map(({ medium }) => medium)),
      large: accuracyOf(judged.map(({ large }) => large)),
    },
  }
}

/** One class in all pictures that have it or show it. */
function judge(name: string, pictures: readonly JudgedPicture[]) {
  const ofClass = <Box extends { readonly class: string }>(boxes: readonly Box[]): Box[] =>
    boxes.filter((box) => box.class === name)
  const matchings = pictures.map(({ truth, found }) =>
    matchEach(ofClass(truth), ofClass(found), [ANY, ...Object.values(SIZES)]),
  )
  const range = (at: number): Matching[] => matchings.map((each) => each[at]!)
  return { name, any: range(0), small: range(1), medium: range(2), large: range(3) }
}

function accuracyOf(classes: readonly (readonly Matching[])[]): Accuracy {
  const curves = classes.map(curveOf).filter((curve) => curve !== undefined)
  const at = (threshold: number) => mean(curves.map(({ averagePrecision }) => averagePrecision[threshold]!))
  const overall = (of: (curve: Curve) => readonly number[]) => mean(curves.flatMap(of))
  return {
    boxes: countedIn(classes.flat()),
    ap: overall(({ averagePrecision }) => averagePrecision),
    ap50: at(0),
    ap75: at(5),
    recall: overall(({ recall }) => recall),
  }
}

function operating(matchings: readonly Matching[], score: number): Operating {
  const { right, wrong } = hitsAbove(matchings, score)
  const counted = countedIn(matchings)
  return {
    precisionAtScore: right + wrong === 0 ? null : right / (right + wrong),
    recallAtScore: counted === 0 ? null : right / counted,
  }
}

const countedIn = (matchings: readonly Matching[]): number => matchings.reduce((sum, { counted }) => sum + counted, 0)

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
