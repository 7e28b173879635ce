import { figuresOf, type TrackerNumbers } from './follow.ts'
import type { Footage } from './footage.ts'

/** What is tried for each number, one number at a time. */
const CHOICES: { readonly [Name in keyof TrackerNumbers]: readonly number[] } = {
  highScore: [0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
  newTrackScore: [0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7],
  lostSeconds: [0.8, 1.2, 1.5, 2, 3],
  buffer: [0.1, 0.2, 0.3, 0.4, 0.5],
  leastOverlap: [0.05, 0.1, 0.15, 0.2, 0.25],
  leastOverlapDoubtful: [0.2, 0.3, 0.35, 0.4, 0.5],
  otherClassCost: [0.1, 0.25, 0.4, 0.6],
  measurementNoise: [0.03, 0.06, 0.09, 0.12],
  acceleration: [1, 2, 3, 4.5, 6],
  firstSpeedNoise: [2, 4, 6, 9],
}

/** Gains below are chance. */
const LEAST_GAIN = 0.0005

/** Mean of IDF1 and MOTA over the rates: neither identities nor boxes are given up for the other. */
function merit(rates: readonly (readonly Footage[])[], numbers: TrackerNumbers): number {
  const figures = rates.map((footage) => figuresOf(footage, numbers))
  return figures.reduce((sum, { idf1, mota }) => sum + (idf1 + mota) / 2, 0) / figures.length
}

/** Improves the numbers one after another until none can be improved (coordinate descent). @param rates the same clips at each rate. */
export function tune(
  rates: readonly (readonly Footage[])[],
  start: TrackerNumbers,
  say: (text: string) => void,
): TrackerNumbers {
  let best = { numbers: start, merit: merit(rates, start) }
  for (let isBetter = true; isBetter; ) {
    const before = best.merit
    for (const name of Object.keys(CHOICES) as (keyof TrackerNumbers)[]) best = improved(rates, best, name)
    say(`merit ${best.merit.toFixed(4)}: ${JSON.stringify(best.numbers)}`)
    isBetter = best.merit > before + LEAST_GAIN
  }
  return best.numbers
}

interface Merited {
  readonly numbers: TrackerNumbers
  readonly merit: number
}

function improved(rates: readonly (readonly Footage[])[], best: Merited, name: keyof TrackerNumbers): Merited {
  let found = best
  for (const value of CHOICES[name]) {
    const numbers = { ...best.numbers, [name]: value }
    if (numbers.newTrackScore < numbers.highScore) continue
    const tried = { numbers, merit: merit(rates, numbers) }
    if (tried.merit > found.merit + LEAST_GAIN) found = tried
  }
  return found
}
