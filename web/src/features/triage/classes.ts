import type { Item } from './api/triage.ts'

/** Nine have a digit: those of the street first, in the order of how often they are met. */
const OFTEN = ['car', 'truck', 'bus', 'motorcycle', 'bicycle', 'person']
const DIGITS = 9

/** Classes that a box may have, those with a digit first. */
export function classesOf({ model, boxes }: Pick<Item, 'model' | 'boxes'>): readonly string[] {
  const known = model.classes.length > 0 ? model.classes : [...OFTEN, ...boxes.map(({ class: name }) => name)]
  const first = OFTEN.filter((name) => known.includes(name))
  return [...new Set([...first, ...known])]
}

export function withDigit(classes: readonly string[]): readonly string[] {
  return classes.slice(0, DIGITS)
}
