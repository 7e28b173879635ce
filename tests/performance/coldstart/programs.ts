import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FunctionDeclaration } from '../../../platform/function.ts'
import { entryOf } from '../../../platform/images/build.ts'
import { bundle, MAIN } from '../../../platform/images/bundle.ts'
import { compileAhead } from '../../../platform/images/compile-cache.ts'
import { images } from '../../../platform/images/contents.ts'
import { NODE_FLAGS, nodeHere } from '../../../platform/images/runtime.ts'
import { imageNameOf } from '../../../platform/manifests/pod.ts'
import { root } from '../../../platform/paths.ts'
import { defer, type Scope } from '../../support/defer.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export interface Programs {
  /** As an image has it: bundled, with what was compiled of it. */
  bundled(declaration: FunctionDeclaration): Program
  /** As `sentinel run` starts it from the sources, with the compile cache of the runs before. */
  sources(declaration: FunctionDeclaration): Program
  /** Node without any of Sentinel, on the same transport. */
  readonly bare: { readonly http: Program; readonly kafka: Program }
  /** Node that does nothing. */
  readonly nothing: Program
}

/** Bundles everything that is measured, below the repository so that packages with compiled parts are found. */
export async function makePrograms(t: Scope, say: (text: string) => void): Promise<Programs> {
  await mkdir(join(root, 'dist'), { recursive: true })
  const folder = await mkdtemp(join(root, 'dist', 'coldstart-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  for (const name of Object.keys(images).filter((image) => image !== 'api')) {
    say(`bundling ${name}`)
    await compiled(join(folder, name), entryOf(name as keyof typeof images))
  }
  const bareKafka = join(folder, 'bare-kafka')
  await bundle(join(import.meta.dirname, 'bare-kafka.mjs'), bareKafka)
  const program = (args: readonly string[], env = {}): Program => ({
    command: nodeHere(),
    args: [...NODE_FLAGS, ...args],
    env,
  })
  const flagsOf = ({ host }: FunctionDeclaration): string[] => (host === 'knative' ? ['--http'] : [])
  return {
    bundled: (declaration) => {
      const place = join(folder, imageNameOf(declaration))
      const args = [join(place, 'bundle', MAIN), 'run', declaration.name, ...flagsOf(declaration)]
      return program(args, { NODE_COMPILE_CACHE: join(place, 'cache') })
    },
    sources: (declaration) => {
      const main = ['--disable-warning=ExperimentalWarning', join(root, 'platform', 'cli', 'main.ts')]
      const args = [...main, 'run', declaration.name, ...flagsOf(declaration)]
      return program(args, { NODE_COMPILE_CACHE: join(folder, 'sources') })
    },
    bare: {
      http: program([join(import.meta.dirname, 'bare-http.mjs')]),
      kafka: program([join(bareKafka, MAIN)]),
    },
    nothing: program(['--eval', '0']),
  }
}

async function compiled(folder: string, entry: string): Promise<void> {
  const place = join(folder, 'bundle')
  const { parts: modules } = await bundle(entry, place)
  await compileAhead({ folder: place, place, modules, user: process.getuid!() }, join(folder, 'cache'))
}
