import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Subject } from './ours.ts'

export async function pythonIsThere(): Promise<boolean> {
  return python(['-c', 'import numpy, onnxruntime, cv2']).then(
    () => true,
    () => false,
  )
}

/** CPU milliseconds a frame of the same job in a script beside this file. */
export async function pythonMs(script: string, { clip, model }: Subject): Promise<number> {
  const file = fileURLToPath(new URL(`../python/${script}`, import.meta.url))
  return Number(await python([file, clip, model]))
}

function python(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk
    })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve(out.trim()) : reject(new Error(`python3 ended with ${code}`))))
  })
}
