import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, SentinelError } from '../../errors.ts'
import type { Dataset, LabelledPicture } from './dataset.ts'

const pixels = z.tuple([z.number(), z.number(), z.number().min(0), z.number().min(0)])

const Line = z.object({
  image: z.string().min(1),
  mood: z.string().optional(),
  camera: z.string().optional(),
  boxes: z.array(z.object({ class: z.string().min(1), box: pixels, visibility: z.number().optional() })),
})

/** `labels.jsonl` with a line a picture, and `images/`; undefined where the folder has no such file. */
export async function readCityDataset(folder: string): Promise<Dataset | undefined> {
  const labels = join(folder, 'labels.jsonl')
  if (!existsSync(labels)) return undefined
  const lines = (await readFile(labels, 'utf8')).split('\n')
  const parsed = lines.flatMap((line, at) => (line.trim() === '' ? [] : [parseLine(line, `${labels}:${at + 1}`)]))
  const classes = new Set(parsed.flatMap(({ boxes }) => boxes.map((box) => box.class)))
  return { format: 'city', classes: [...classes].sort(), pictures: parsed.map((line) => pictureOf(folder, line)) }
}

function parseLine(line: string, place: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(line))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)
    throw new SentinelError(
      'INPUT_INVALID',
      `${place} is no labelled picture: ${reason}. Correct or remove the line.`,
      {
        cause,
      },
    )
  }
}

function pictureOf(folder: string, { image, mood, camera, boxes }: z.infer<typeof Line>): LabelledPicture {
  const truth = boxes.map(({ visibility, ...box }) => ({ ...box, ...(visibility !== undefined && { visibility }) }))
  return {
    file: join(folder, 'images', image),
    truth: () => truth,
    groups: { ...(mood && { mood }), ...(camera && { camera }) },
  }
}
