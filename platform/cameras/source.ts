import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { refusal } from '../refusal.ts'

export interface SourceRules {
  /** Whether files of this machine may be cameras: only where the operator says so, never for a remote user. */
  readonly files: boolean
  /** Relative paths start here. */
  readonly baseDirectory: string
}

export interface ParsedSource {
  /** Whole, with its credentials: goes nowhere but to the video port. */
  readonly url: string
  /** What people, events and logs may see. */
  readonly publicUrl: string
  /** A file that starts again at its end. */
  readonly loop: boolean
}

const REMOTE = new Set(['rtsp:', 'rtsps:', 'http:', 'https:'])
const SECRET_PARAMETER = /^(.*[_-])?(pass(word|wd)?|pwd|token|secret|key|apikey|auth|sig(nature)?|user(name)?)$/i
const HIDDEN = '•••'
const MAX_LENGTH = 2048

/**
 * Reads what a person gave as a camera's source: an `rtsp`, `rtsps`, `http` or `https` URL, or, where the rules allow it, a
 * file by `file:` URL or path; `#loop` after a file plays it again and again.
 *
 * @throws SentinelError `SOURCE_REFUSED`
 */
export function parseSource(text: string, rules: SourceRules): ParsedSource {
  const trimmed = text.trim()
  if (trimmed === '') throw refusal('sourceMissing', {})
  if (trimmed.length > MAX_LENGTH) throw refusal('sourceTooLong', { most: MAX_LENGTH })
  if (!/^[a-z][a-z0-9+.-]*:/i.test(trimmed) || /^[a-z]:[\\/]/i.test(trimmed)) return parseFile(trimmed, rules)
  const url = URL.parse(trimmed)
  if (!url) throw refusal('sourceNoUrl', { text: withoutCredentials(trimmed) })
  if (url.protocol === 'file:') return parseFile(fileURLToPath(withoutHash(url)) + url.hash, rules)
  if (!REMOTE.has(url.protocol)) throw refusal('sourceScheme', { scheme: url.protocol })
  if (url.hostname === '') throw refusal('sourceNoHost', {})
  url.hash = ''
  return { url: url.href, publicUrl: publicForm(url), loop: false }
}

function parseFile(text: string, { files, baseDirectory }: SourceRules): ParsedSource {
  if (!files) throw refusal('sourceFile', {})
  const loop = text.endsWith('#loop')
  const url = pathToFileURL(resolve(baseDirectory, loop ? text.slice(0, -'#loop'.length) : text)).href
  return { url, publicUrl: loop ? `${url}#loop` : url, loop }
}

function publicForm(url: URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  for (const name of new Set(shown.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) shown.searchParams.set(name, HIDDEN)
  }
  return shown.href.replaceAll(encodeURIComponent(HIDDEN), HIDDEN)
}

function withoutHash(url: URL): URL {
  return Object.assign(new URL(url), { hash: '' })
}

/** For messages about text that is not even a URL. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//')
}
