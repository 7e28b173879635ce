import { isBuiltin } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { type OutputChunk, type Plugin, rolldown } from 'rolldown'
import { SentinelError } from '../errors.ts'
import { root } from '../paths.ts'
import { builtins } from './builtins.ts'
import { OUTSIDE } from './natives.ts'

/** Of a bundle: what is started. */
export const MAIN = 'main.mjs'
const WORKER = /new URL\('([\w-]+)\.ts', import\.meta\.url\)/g

export interface Bundled {
  /** Names of those parts that can be loaded anywhere and to no effect: they start nothing, and stand on no package that is outside. */
  readonly parts: readonly string[]
  /** What it is made of. */
  readonly files: readonly string[]
}

/**
 * Writes a program into a folder, flat: `main.mjs`, the files that run in threads and processes of their own, and parts that
 * are loaded when they are needed.
 */
export async function bundle(entry: string, folder: string): Promise<Bundled> {
  const build = await rolldown({
    input: { main: entry },
    cwd: root,
    platform: 'node',
    external: OUTSIDE,
    plugins: [builtins, workers],
    resolve: { alias: INSTEAD },
    treeshake: { moduleSideEffects: DEFINING },
    onLog(level, { code, message }) {
      // A package that cannot be found would be missing in the container, at some later time.
      if (code === 'UNRESOLVED_IMPORT') throw new SentinelError('CONFIGURATION_INVALID', message)
      if (level === 'warn' && !HARMLESS.has(code)) process.stderr.write(`${message}\n`)
    },
  })
  try {
    const { output } = await build.write({
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
      // Names and lines stay as they are: what a pod says of its errors is read by people.
      minify: false,
    })
    const chunks = output.filter((file) => file.type === 'chunk')
    return { parts: selfContained(chunks), files: chunks.flatMap(({ moduleIds }) => moduleIds) }
  } finally {
    await build.close()
  }
}

function selfContained(chunks: readonly OutputChunk[]): string[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const isInside = (name: string, above: readonly string[] = []): boolean => {
    if (above.includes(name)) return true
    const chunk = byName.get(name)
    return chunk?.imports.every((each) => isInside(each, [...above, name])) ?? isBuiltin(name)
  }
  return chunks
    .filter(({ fileName, isEntry }) => !isEntry && isInside(fileName))
    .map(({ fileName }) => fileName)
    .sort()
}

/**
 * Modules that only define things and do not say so. What a program does not use of them is left out: the producer and consumer of
 * @platformatic/kafka, with the schemas that these compile, are nine tenths of its start.
 */
const DEFINING = [{ test: /node_modules\/(@platformatic|ajv|avsc|mnemonist|obliterator)\//, sideEffects: false }]

const INSTEAD = {
  // The same, which holds its WebAssembly and does not look for a file beside it.
  '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled',
  'ajv/dist/2020.js': join(import.meta.dirname, 'no-validation.ts'),
}

/** Of packages, not of ours. */
const HARMLESS = new Set<string | undefined>(['EVAL', 'CIRCULAR_DEPENDENCY', 'COMMONJS_VARIABLE_IN_ESM'])

/** What a module starts as a thread or a process lies beside the bundle, under its own name. */
const workers: Plugin = {
  name: 'workers',
  transform(code, id) {
    if (!id.startsWith(root) || id.includes('node_modules') || !code.match(WORKER)) return null
    return code.replaceAll(WORKER, (_, name: string) => {
      this.emitFile({ type: 'chunk', id: join(dirname(id), `${name}.ts`), fileName: `${basename(name)}.mjs` })
      return `new URL('./${name}.mjs', import.meta.url)`
    })
  },
}
