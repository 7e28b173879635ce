import { agreementOf } from '../annotations/agreement.ts'
import type { Box } from '../events/frame.ts'

/** Confident boxes of two models, and how many of them the other one has too. */
export interface Consent {
  readonly boxes: number
  readonly shared: number
}

/** A box that one is sure of need not be as sure for the other: half the score is enough. */
const ENOUGH = 0.5

/** How far two models see the same in a picture. @param score from which a box counts as one that a model is sure of. */
export function consentOf(some: readonly Box[], others: readonly Box[], score: number): Consent {
  const atLeast = (boxes: readonly Box[], least: number): Box[] => boxes.filter((box) => box.score >= least)
  const [sure, sureOthers] = [atLeast(some, score), atLeast(others, score)]
  const shared =
    agreementOf(sure, atLeast(others, score * ENOUGH)).matched +
    agreementOf(sureOthers, atLeast(some, score * ENOUGH)).matched
  return { boxes: sure.length + sureOthers.length, shared }
}

/** A share of 1; two that both see nothing agree. */
export function agreementIn({ boxes, shared }: Consent): number {
  return boxes === 0 ? 1 : shared / boxes
}

export function together(all: readonly Consent[]): Consent {
  return all.reduce((sum, { boxes, shared }) => ({ boxes: sum.boxes + boxes, shared: sum.shared + shared }), {
    boxes: 0,
    shared: 0,
  })
}
