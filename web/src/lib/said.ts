import i18next from 'i18next'
import type { Blank } from './refusal.ts'

/** A sentence of the server: its name, and what fills its blanks. */
export interface Sentence {
  readonly reason: string
  readonly blanks: readonly Blank[]
}

/** What each query asks of a sentence. */
export const SAID = 'reason blanks { name value }'

/**
 * What the server says, in the language of the page.
 *
 * @param text the same in the server's English: shown for a person's own words, and where the page has no words for a sentence.
 */
export function wordsOf(text: string, said: readonly Sentence[], between = ' '): string {
  const words = said.map(sentenceText)
  return words.length === 0 || words.includes(undefined) ? text : words.join(between)
}

/** Undefined where the page has no words for it. */
export function sentenceText({ reason, blanks }: Sentence): string | undefined {
  const values = Object.fromEntries(blanks.map(({ name, value }) => [name, name === 'count' ? Number(value) : value]))
  const key = [`said.${reason}`, `refused.${reason}`].find((each) => i18next.exists(each, values))
  return key && i18next.t(key, values)
}
