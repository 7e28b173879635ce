import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { topics } from '../events/topics.ts'
import { functions } from '../hosts/functions.ts'
import { root } from '../paths.ts'
import type { Declared } from './refusals.ts'

/** Sentinel's own functions, topics and images. */
export async function declaredHere(): Promise<Declared> {
  const images = JSON.parse(await readFile(join(root, 'deploy', 'images.json'), 'utf8')) as Record<string, string>
  return { functions: functions.map(({ declaration }) => declaration), topics, images }
}
