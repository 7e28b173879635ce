import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../paths.ts'
import { USER } from './contents.ts'
import { type ImageFile, RUNNABLE, textFile } from './tree.ts'

/** In the image. */
export const NODE = '/usr/bin/node'

/** On this machine: the Node of the lock file, so that who builds does not change what is built. */
export function nodeHere(): string {
  const packaged = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  return existsSync(packaged) ? packaged : process.execPath
}

/** Little garbage, collected seldom and by one thread: the cores of a pod are few. */
export const NODE_FLAGS = [
  '--disable-warning=TimeoutNegativeWarning',
  '--single-threaded-gc',
  '--min-semi-space-size=8',
]

/** What stands under every image: Node, the libraries of this machine that it loads, and one user. No shell. */
export async function runtimeFiles(node = nodeHere()): Promise<ImageFile[]> {
  return [
    { path: NODE.slice(1), mode: RUNNABLE, content: { file: node } },
    ...(await librariesOf(node)).map(libraryFile),
    textFile('etc/passwd', `root:x:0:0:root:/:/sbin/nologin\nsentinel:x:${USER}:${USER}:Sentinel:/tmp:/sbin/nologin\n`),
    textFile('etc/group', `root:x:0:\nsentinel:x:${USER}:\n`),
    textFile('etc/nsswitch.conf', 'hosts: files dns\n'),
  ]
}

/** At the same place as on this machine. */
export function libraryFile(file: string): ImageFile {
  return { path: file.slice(1), mode: RUNNABLE, content: { file } }
}

/** The shared libraries of the system that the dynamic linker finds for a program, each once. */
export async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program])
  const found = [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, path]) => path!)
  const ofSystem = found.filter((path) => path.startsWith('/lib') || path.startsWith('/usr/lib'))
  return [...new Map(ofSystem.map((path) => [basename(path), path])).values()]
}
