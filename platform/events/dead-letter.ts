import { z } from 'zod'
import type { LogRecord } from '../ports/log.ts'
import { Told } from './told.ts'

/** An event that could not be handled, and why. */
export interface DeadLetter {
  /** Partition and offset among the dead letters: what `dlq show` and `dlq replay` take. */
  readonly id: string
  /** Where the event came from. */
  readonly topic: string
  readonly function: string
  readonly code: string
  readonly reason: string
  /** The reason for who words it in another language; empty for words that are not Sentinel's. */
  readonly told: readonly Told[]
  readonly attempts: number
  /** RFC 3339. */
  readonly time: string
}

const Sentences = z.array(Told)

export function deadLetterIn({ partition, offset, headers }: LogRecord): DeadLetter {
  const text = (name: string): string => String(headers[`dlq_${name}`] ?? '')
  return {
    id: `${partition}/${offset}`,
    topic: text('topic'),
    function: text('function'),
    code: text('code'),
    reason: text('reason'),
    told: sentencesIn(text('told')),
    attempts: Number(text('attempts')),
    time: text('time'),
  }
}

/** None where others have put the letter there. */
function sentencesIn(text: string): readonly Told[] {
  try {
    return Sentences.parse(JSON.parse(text))
  } catch {
    return []
  }
}
