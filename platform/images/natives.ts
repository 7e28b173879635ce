import { basename, join } from 'node:path'
import { root } from '../paths.ts'
import { librariesOf, libraryFile, nodeHere } from './runtime.ts'
import { filesOf, type ImageFile } from './tree.ts'

export type NativePackage = 'node-av' | 'onnxruntime-node'

const MODULES = join(root, 'node_modules')

/** What of each package runs on Linux: its JavaScript, and the binaries of one architecture. */
const PATTERNS: Readonly<Record<NativePackage, (arch: string) => Readonly<Record<string, readonly string[]>>>> = {
  'node-av': (arch) => ({
    'node-av': ['package.json', 'LICENSE.md', 'dist/{lib,constants,utils}/**/*.js'],
    [`@seydx/node-av-linux-${arch}`]: ['package.json', '*.node'],
  }),
  'onnxruntime-node': (arch) => ({
    'onnxruntime-node': ['package.json', 'LICENSE', 'dist/**/*.js', `bin/napi-v6/linux/${arch}/*`],
    'onnxruntime-common': ['package.json', 'LICENSE', 'dist/cjs/**/*.{js,json}'],
  }),
}

/**
 * @param arch as Node names it.
 * @param place of `node_modules` in the image.
 */
export async function nativeFiles(name: NativePackage, arch: string, place: string): Promise<ImageFile[]> {
  const files: ImageFile[] = []
  for (const [folder, patterns] of Object.entries(PATTERNS[name](arch))) {
    for (const pattern of patterns) files.push(...(await filesOf(join(MODULES, folder), pattern, join(place, folder))))
  }
  return [...files, ...(await systemLibraries(files))]
}

/** What the binaries load of the system's and Node does not, such as vector mathematics. */
async function systemLibraries(files: readonly ImageFile[]): Promise<ImageFile[]> {
  const binaries = files.flatMap(({ path, content }) =>
    /\.(node|so)(\.|$)/.test(basename(path)) && 'file' in content ? [content.file] : [],
  )
  const there = new Set((await librariesOf(nodeHere())).map((path) => basename(path)))
  const needed = (await Promise.all(binaries.map(librariesOf))).flat()
  const lacking = needed.filter((path) => !there.has(basename(path)))
  return [...new Map(lacking.map((path) => [basename(path), libraryFile(path)])).values()]
}

/** What a bundle leaves to `node_modules`: packages with compiled parts, and those that others try to load and can do without. */
export const OUTSIDE = [/^onnxruntime-node$/, /^node-av(\/|$)/, /^pg-native$/, /^(bufferutil|utf-8-validate)$/]
