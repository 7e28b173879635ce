import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** The parts of Rollup's output that a budget is about. */
export interface Built {
  readonly fileName: string
  readonly type: 'chunk' | 'asset'
  readonly isEntry?: boolean
  /** File names of the chunks that must be there before this one runs. */
  readonly imports?: readonly string[]
  readonly code?: string
  readonly source?: string | Uint8Array
}

/** Gzipped bytes of every script that loads before the first page shows: entries, what they import, and their workers. */
export function firstLoadBytes(bundle: Readonly<Record<string, Built>>): number {
  const files = Object.values(bundle)
  const workers = files.filter(({ fileName, type }) => type === 'asset' && fileName.endsWith('.js'))
  const needed = new Set(files.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const name of needed) {
    const { imports = [], code = '' } = bundle[name] ?? {}
    const started = workers.filter(({ fileName }) => code.includes(basename(fileName)))
    for (const next of [...imports, ...started.map(({ fileName }) => fileName)]) needed.add(next)
  }
  return [...needed].reduce((sum, name) => {
    const { code, source } = bundle[name] ?? {}
    return sum + gzipSync(code ?? source ?? '').length
  }, 0)
}

/** Fails the build whose first load is heavier than `limit` bytes of gzipped script. */
export function scriptBudget(limit: number): Plugin {
  return {
    name: 'script-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const bytes = firstLoadBytes(bundle)
        if (bytes <= limit) return
        this.error(
          `The first load is ${kib(bytes)} of script (gzip), ${kib(limit)} at most: load what it does not need with import().`,
        )
      },
    },
  }
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
