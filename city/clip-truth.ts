import type { Homography } from './cameras.ts'
import { gunzip, stableGzip } from './output/gzip.ts'
import type { TrueBox } from './truth.ts'

/** What a clip shows: the first line of its truth. */
export interface ClipHead {
  readonly camera: string
  readonly mood: string
  readonly seed: number
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly frames: number
  readonly homography: Homography
}

/** A frame of a clip, the first is 0. */
export interface ClipFrame {
  readonly frame: number
  readonly boxes: readonly TrueBox[]
}

export interface ClipTruth {
  readonly head: ClipHead
  readonly frames: readonly ClipFrame[]
}

/** JSON lines in gzip, the same bytes for the same truth. */
export function writeClipTruth({ head, frames }: ClipTruth): Buffer {
  return stableGzip([head, ...frames].map((line) => `${JSON.stringify(line)}\n`).join(''))
}

export function readClipTruth(bytes: Uint8Array): ClipTruth {
  const [head, ...frames] = gunzip(bytes).split('\n').filter(Boolean)
  return { head: JSON.parse(head!) as ClipHead, frames: frames.map((line) => JSON.parse(line) as ClipFrame) }
}
