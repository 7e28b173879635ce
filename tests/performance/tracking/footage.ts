import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Selection } from '../../../platform/adapters/video-nodeav/reading/selection.ts'
import type { PixelBox } from '../../../platform/evaluation/boxes.ts'
import type { TrueObject } from '../../../platform/evaluation/tracking.ts'
import type { Box } from '../../../platform/events/frame.ts'
import { jpegImage } from '../../../platform/events/image.ts'
import type { Model } from '../../../platform/ports/model.ts'
import { decodeFile } from '../../support/decode.ts'

/** Objects whose longer side is shorter, or of which less can be seen, are not asked for: as detectors are judged. */
const LEAST_SIDE = 12
const LEAST_VISIBILITY = 0.3

export interface SeenFrame {
  /** Seconds. */
  readonly time: number
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly truth: readonly TrueObject[]
}

/** One camera's clip as a detector saw it. */
export interface Footage {
  readonly camera: string
  readonly seconds: number
  readonly frames: readonly SeenFrame[]
}

export interface Clip {
  readonly camera: string
  readonly video: string
  readonly truth: string
}

export interface TrueSighting {
  readonly id: string
  readonly class: string
  /** What can be seen, and which share of all of it that is. */
  readonly box: PixelBox
  readonly visibility: number
}

interface TrueLine {
  readonly boxes: readonly TrueSighting[]
}

/** Clips beside which their truth lies, in order of their cameras. */
export function clipsIn(folder: string): Clip[] {
  if (!existsSync(folder)) return []
  const cameras = readdirSync(folder).flatMap((name) => (name.endsWith('.mp4') ? [name.slice(0, -'.mp4'.length)] : []))
  const clips = cameras.map((camera) => ({
    camera,
    video: join(folder, `${camera}.mp4`),
    truth: join(folder, `${camera}.truth.jsonl.gz`),
  }))
  return clips.filter(({ truth }) => existsSync(truth)).sort((a, b) => a.camera.localeCompare(b.camera))
}

/** A line a frame, after one that tells of the clip. */
async function truthLines(path: string): Promise<TrueLine[]> {
  const [, ...lines] = gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as TrueLine)
}

/** Every frame of a clip through the detector, with what was really there. */
export async function watch({ camera, video, truth }: Clip, model: Pick<Model, 'detect'>): Promise<Footage> {
  const lines = await truthLines(truth)
  const frames: SeenFrame[] = []
  for await (const { number, time, pixels } of decodeFile(video)) {
    const line = lines[number]
    if (!line) throw new Error(`${truth} tells of ${lines.length} frames, and ${video} has more frames`)
    const { width, height } = pixels
    const image = { ...jpegImage(new Uint8Array(), width, height), lend: () => ({ pixels, giveBack() {} }) }
    const { boxes } = await model.detect(image)
    frames.push({ time, width, height, boxes, truth: line.boxes.map(asked) })
  }
  return { camera, seconds: secondsOf(frames), frames }
}

export function asked({ id, box, visibility }: TrueSighting): TrueObject {
  const isIgnored = Math.max(box[2], box[3]) < LEAST_SIDE || visibility < LEAST_VISIBILITY
  return { id, box, isIgnored }
}

function secondsOf(frames: readonly SeenFrame[]): number {
  const [first, last] = [frames[0]!.time, frames.at(-1)!.time]
  return ((last - first) * frames.length) / (frames.length - 1)
}

/** The frames that a camera at so many frames a second would take: as the grabber chooses them. */
export function atRate({ camera, seconds, frames }: Footage, fps: number): Footage {
  const selection = new Selection(fps)
  return { camera, seconds, frames: frames.filter(({ time }) => selection.takes(time)) }
}
