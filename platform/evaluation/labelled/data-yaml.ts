import { SentinelError } from '../../errors.ts'

/** What a YOLO `data.yaml` says. */
export interface DataYaml {
  readonly path?: string
  readonly train?: string
  readonly val?: string
  readonly test?: string
  readonly names: readonly string[]
}

const PLACES = ['path', 'train', 'val', 'test'] as const

/**
 * The few keys of a `data.yaml` that matter, in the three ways in which names are written: `[a, b]`, lines of `- a`, lines of
 * `0: a`.
 *
 * @throws SentinelError `INPUT_INVALID`
 */
export function parseDataYaml(text: string, file: string): DataYaml {
  const lines = text.split(/\r?\n/).map(withoutComment)
  const places = PLACES.flatMap((key) => {
    const value = scalar(lines, key)
    return value ? [[key, value]] : []
  })
  const names = namesIn(lines)
  if (names.length > 0) return { ...Object.fromEntries(places), names }
  const message = `${file} names no classes. Write names: [car, bus] or a line each under names:.`
  throw new SentinelError('INPUT_INVALID', message)
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, '').trimEnd()
}

function scalar(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((each) => each.startsWith(`${key}:`))
  return line && unquoted(line.slice(key.length + 1))
}

function namesIn(lines: readonly string[]): string[] {
  const at = lines.findIndex((line) => line.startsWith('names:'))
  if (at < 0) return []
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => line !== '' && !/^(\s|-)/.test(line))
  const block = rest.slice(0, end < 0 ? rest.length : end)
  const inline = [lines[at]!.slice('names:'.length), ...block].join(' ').trim()
  if (/^[[{]/.test(inline)) return entries(inline.replace(/^[[{]|[\]}].*$/g, '').split(','))
  return entries(block.map((line) => line.replace(/^\s*-\s*/, '')))
}

/** `car`, or `0: car`. */
function entries(texts: readonly string[]): string[] {
  return texts.map((text) => unquoted(text.replace(/^\s*\d+\s*:/, ''))).filter((name) => name !== '')
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2')
}
