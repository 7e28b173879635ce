import { isBuiltin } from 'node:module'
import type { Plugin } from 'rolldown'

const IMPORT = /^import (?:((?:\* as )?[\w$]+)(?:, )?)?(?:\{ ([^}]*) \})? ?from "([^"]+)";$/gm

/**
 * Node's own modules are taken with `process.getBuiltinModule`. Where `import` takes one, Node reads every name that it exports, and some
 * of these are only loaded when they are read: `node:http` brings a whole HTTP client with it, which is a fifth of a small
 * function's start.
 */
export const builtins: Plugin = {
  name: 'builtins',
  renderChunk: (code) =>
    code.replaceAll(IMPORT, (line, whole: string | undefined, names: string | undefined, specifier: string) =>
      isBuiltin(specifier) ? taken(whole, names, `process.getBuiltinModule("${specifier}")`) : line,
    ),
}

function taken(whole: string | undefined, names: string | undefined, module: string): string {
  const all = whole && `const ${whole.replace('* as ', '')} = ${module};`
  const some = names && `const { ${names.replaceAll(' as ', ': ')} } = ${module};`
  return [all, some].filter(Boolean).join(' ')
}
