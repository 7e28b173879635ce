// A process of its own: what it loads is written into a compile cache, under the place that it will have in an image.
import { readFileSync } from 'node:fs'
import { enableCompileCache, registerHooks } from 'node:module'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, place, cache, ...parts] = process.argv.slice(2) as [string, string, string, ...string[]]
const there = pathToFileURL(`${place}/`).href

registerHooks({
  resolve(specifier, context, next) {
    const url = specifier.startsWith('./') ? new URL(specifier, context.parentURL).href : specifier
    return url.startsWith(there) ? { url, format: 'module', shortCircuit: true } : next(specifier, context)
  },
  load(url, context, next) {
    if (!url.startsWith(there)) return next(url, context)
    return { format: 'module', source: readFileSync(join(folder, basename(url))), shortCircuit: true }
  },
})
// From here on: neither this file nor what it stands on is in the cache.
enableCompileCache(cache)
for (const part of parts) await import(there + part)
