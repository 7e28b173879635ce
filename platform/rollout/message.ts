import { z } from 'zod'
import { Told } from '../events/told.ts'
import type { Commit } from '../ports/repository.ts'
import type { RolloutsTable } from '../ports/tables.ts'

type Kind = RolloutsTable['kind']

/** What a commit is about, as its message says it. */
export interface Story {
  /** The same for the same wish, however often it is laid onto another commit. */
  readonly id: string
  readonly kind: Kind
  /** The model that came, or the one that was taken back; undefined where somebody wrote the commit by hand. */
  readonly subject: string | undefined
  readonly by: string
  readonly reason: string
  /** The reason for who words it in another language; empty for a person's own words. */
  readonly told: readonly Told[]
  /** The event that led to it. */
  readonly cause: string | undefined
  /** Ids of the commits that it takes back. */
  readonly reverts: readonly string[]
}

export interface Telling {
  readonly title: string
  readonly story: Omit<Story, 'subject'> & { readonly subject: string }
  /** Further figures, a line each. */
  readonly figures?: readonly string[]
}

const KINDS: readonly Kind[] = ['start', 'canary', 'promote', 'rollback', 'change']
const WIDTH = 100

/** A message that people read in `git log` and Sentinel reads back. */
export function messageOf({ title, story, figures = [] }: Telling): string {
  const { reverts, reason, told, id, kind, subject, by, cause } = story
  const trailers = {
    'Sentinel-Id': id,
    'Sentinel-Kind': kind,
    'Sentinel-Model': subject,
    'Sentinel-By': by,
    ...(cause !== undefined && { 'Sentinel-Cause': cause }),
    ...(told.length > 0 && { 'Sentinel-Told': JSON.stringify(told) }),
  }
  const paragraphs = [
    title,
    ...(reverts.length > 0 ? [reverts.map((each) => `This reverts commit ${each}.`).join('\n')] : []),
    wrapped(reason),
    ...(figures.length > 0 ? [figures.map((each) => `- ${each}`).join('\n')] : []),
    Object.entries(trailers)
      .map(([key, value]) => `${key}: ${oneLine(value)}`)
      .join('\n'),
  ]
  return paragraphs.join('\n\n')
}

export function storyIn({ id, message, author }: Commit): Story {
  const paragraphs = message.split(/\n{2,}/)
  const trailers = new Map(
    [...(paragraphs.at(-1) ?? '').matchAll(/^Sentinel-(\w+): (.*)$/gm)].map(([, k, v]) => [k!, v!]),
  )
  const reverts = [...message.matchAll(/^This reverts commit ([0-9a-f]{40})\.?$/gm)].map(([, each]) => each!)
  const kind = KINDS.find((each) => each === trailers.get('Kind'))
  const told = paragraphs.slice(1, -1).filter((each) => !/^(This reverts commit|- )/.test(each))
  return {
    id: trailers.get('Id') ?? id,
    // By hand, `git revert` of a promotion is a rollback like any other.
    kind: kind ?? (reverts.length > 0 ? 'rollback' : 'change'),
    subject: trailers.get('Model'),
    by: trailers.get('By') ?? author,
    reason: kind && told.length > 0 ? told.join(' ').replaceAll('\n', ' ') : paragraphs[0]!,
    told: toldIn(trailers.get('Told')),
    cause: trailers.get('Cause'),
    reverts,
  }
}

/** Of a commit that somebody changed by hand there may be nothing that can be read. */
function toldIn(text: string | undefined): readonly Told[] {
  try {
    return text === undefined ? [] : z.array(Told).parse(JSON.parse(text))
  } catch {
    return []
  }
}

function wrapped(text: string): string {
  const lines = ['']
  for (const word of oneLine(text).split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + word.length + 1 > WIDTH) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim() || 'no reason given'
}
