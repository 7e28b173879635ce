import { doAgree } from '../../platform/annotations/agreement.ts'
import type { RecordedAnnotation } from '../../platform/events/annotation.ts'
import type { LabelledBox } from '../../platform/events/frame.ts'

/** What one person says of an item's boxes. */
export interface Opinion {
  readonly verdictId: string
  readonly annotator: string
  readonly boxes: readonly LabelledBox[]
}

/** The opinion that counts, who shares it, and by which rule. */
export interface Standing {
  readonly verdictId: string
  readonly rule: RecordedAnnotation['rule']
  readonly by: readonly [string, ...string[]]
}

/** With fewer, two who do not agree leave the item open. */
const ENOUGH_TO_DECIDE = 3

/**
 * What is taken for true of an item, by the opinions on it, oldest first: one alone stands; the earliest that somebody else
 * shares stands; of three or more who all differ the last one decides, who has been asked because of the others.
 */
export function standingOf(opinions: readonly Opinion[]): Standing | undefined {
  if (opinions.length === 1) return standing(opinions[0]!, 'single')
  for (const opinion of opinions) {
    const others = opinions.filter((other) => other !== opinion && doAgree(opinion.boxes, other.boxes))
    if (others.length > 0) return standing(opinion, 'consensus', others)
  }
  return opinions.length < ENOUGH_TO_DECIDE ? undefined : standing(opinions.at(-1)!, 'adjudication')
}

function standing(
  { verdictId, annotator }: Opinion,
  rule: Standing['rule'],
  others: readonly Opinion[] = [],
): Standing {
  return { verdictId, rule, by: [annotator, ...others.map((other) => other.annotator)] }
}

export function isSame(a: Standing | undefined, b: Standing | undefined): boolean {
  return a?.verdictId === b?.verdictId && a?.rule === b?.rule && a?.by.join('\n') === b?.by.join('\n')
}
