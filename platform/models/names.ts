import { SentinelError } from '../errors.ts'

/** One class a line; empty lines and lines that start with # do not count. */
export function parseNames(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Names as exporters write them into a model: a JSON list or object, or a Python dict such as `{0: 'person', 1: 'car'}`. */
export function namesFromMetadata(metadata: Readonly<Record<string, string>>): string[] | undefined {
  const text = metadata.names ?? metadata.classes
  if (text === undefined) return undefined
  try {
    return listed(JSON.parse(text))
  } catch {
    return listed(
      Object.fromEntries([...text.matchAll(/(\d+)\s*:\s*(['"])(.*?)\2/g)].map(([, at, , name]) => [at, name])),
    )
  }
}

/** @throws SentinelError `MODEL_INVALID` that says how many there are and how many there must be. */
export function checkNames(
  names: readonly string[] | undefined,
  count: number | 'any',
  modelFile: string,
): readonly string[] {
  if (!names) {
    throw new SentinelError(
      'MODEL_INVALID',
      `${modelFile} does not say what its ${count === 'any' ? '' : `${count} `}classes are called. Give a file with one name a line: --names FILE`,
    )
  }
  if (count !== 'any' && names.length !== count) {
    throw new SentinelError(
      'MODEL_INVALID',
      `${modelFile} has ${count} classes, but there are ${names.length} names. Give the names that it was trained with: --names FILE`,
    )
  }
  return names
}

function listed(value: unknown): string[] | undefined {
  const names = Array.isArray(value) ? value : typeof value === 'object' && value ? Object.values(value) : []
  return names.length > 0 ? names.map(String) : undefined
}
