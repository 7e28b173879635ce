import type { Preparation } from './decoders/decoder.ts'
import type { Numbers } from './input.ts'
import { parseSideFile, type SideFile } from './side-file.ts'

/** Something that was decided about a model, and why. */
export interface Reason {
  readonly what: string
  readonly value: string
  readonly why: string
}

/** Something that says what a model is: the first that speaks of a matter counts. */
export interface Source {
  readonly says: SideFile
  readonly why: string
}

interface Habit {
  readonly says: Pick<SideFile, (typeof KEYS)[number]> | Partial<Preparation>
  readonly why: string
}

const KEYS = ['colours', 'scale', 'mean', 'deviation', 'placement', 'padding', 'tone', 'stride'] as const

/** How pictures go into a model: what somebody says, and where all are silent as its family is trained. */
export function preparationOf(
  family: { readonly family: string; readonly preparation: Preparation },
  numbers: Numbers,
  sources: readonly Source[],
): { preparation: Preparation; reasons: Reason[] } {
  const habit: Habit = { says: family.preparation, why: `as ${family.family} is trained` }
  const bytes: Habit = { says: { scale: 1 }, why: 'its input takes bytes' }
  const all: readonly Habit[] = numbers === 'uint8' ? [bytes, ...sources, habit] : [...sources, habit]
  const found = KEYS.flatMap((key) => {
    const source = all.find(({ says }) => says[key] !== undefined)
    return source ? [{ key, value: source.says[key]!, why: source.why }] : []
  })
  return {
    preparation: Object.fromEntries(found.map(({ key, value }) => [key, value])) as unknown as Preparation,
    reasons: found.map(({ key, value, why }) => ({ what: key, value: text(value), why })),
  }
}

function text(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value)
}

/**
 * What a model's metadata say: those of Ultralytics, and under the key `sentinel` everything that a side file may say.
 *
 * @throws SentinelError `MODEL_INVALID` where `sentinel` is not understood.
 */
export function sourceOf(metadata: Readonly<Record<string, string>>, file: string): Source {
  const stride = Number(metadata.stride)
  const sides = [...(metadata.imgsz ?? '').matchAll(/\d+/g)].map(Number)
  const own = metadata.sentinel === undefined ? {} : parseSideFile(metadata.sentinel, `The metadata of ${file}`)
  return {
    says: {
      ...(Number.isInteger(stride) && stride > 1 && { stride }),
      ...(sides.length > 0 && { longSide: Math.max(...sides) }),
      ...own,
    },
    why: 'from its metadata',
  }
}
