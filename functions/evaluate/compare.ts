import { agreementIn, consentOf, together } from '../../platform/evaluation/agreement.ts'
import type { JudgedPicture, PixelBox } from '../../platform/evaluation/boxes.ts'
import { evaluate } from '../../platform/evaluation/evaluate.ts'
import { OPERATING_SCORE } from '../../platform/evaluation/operating.ts'
import type { Box } from '../../platform/events/frame.ts'
import type { Comparison } from '../../platform/events/model.ts'
import type { Look } from './look.ts'
import type { Exhibit } from './material.ts'

/** AP50 of both, on all held-out pictures, by class and by light. */
export function comparisonsOf(looks: readonly Look[]): Comparison[] {
  const candidate = looks.map(({ exhibit, candidate }) => judged(exhibit, candidate))
  const running = looks.map(({ exhibit, running }) => judged(exhibit, running))
  const options = { operatingScore: OPERATING_SCORE }
  const [mine, theirs] = [evaluate(candidate, options), evaluate(running, options)]
  const all = { name: 'all', kind: 'all' as const, boxes: mine.boxes, candidate: mine.ap50, running: theirs.ap50 }
  const byClass = mine.byClass.map((each, i) => ({
    ...{ name: each.class, kind: 'class' as const, boxes: each.boxes },
    ...{ candidate: each.ap50, running: theirs.byClass[i]!.ap50 },
  }))
  const lights = [...new Set(looks.flatMap(({ exhibit }) => exhibit.light ?? []))].sort()
  const byLight = lights.map((light) => {
    const isOf = (_: unknown, i: number): boolean => looks[i]!.exhibit.light === light
    const [a, b] = [evaluate(candidate.filter(isOf), options), evaluate(running.filter(isOf), options)]
    return { name: light, kind: 'light' as const, boxes: a.boxes, candidate: a.ap50, running: b.ap50 }
  })
  return [all, ...byClass, ...byLight]
}

/** Share of the boxes that either is sure of and the other has too; null where there is no picture. */
export function agreementOn(looks: readonly Look[]): number | null {
  if (looks.length === 0) return null
  return agreementIn(together(looks.map(({ candidate, running }) => consentOf(candidate, running, OPERATING_SCORE))))
}

/** The middle one, so that a pause of the machine does not count; null for none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

function judged({ truth, width, height }: Exhibit, boxes: readonly Box[]): JudgedPicture {
  const inPixels = ([x, y, w, h]: Box['box']): PixelBox => [x * width, y * height, w * width, h * height]
  return {
    truth: (truth ?? []).map(({ class: name, box }) => ({ class: name, box: inPixels(box) })),
    found: boxes.map(({ class: name, score, box }) => ({ class: name, score, box: inPixels(box) })),
  }
}
