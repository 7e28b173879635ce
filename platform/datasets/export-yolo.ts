import type { DatasetBox, Manifest } from './manifest.ts'

/** Digits after the point: far below a hundredth of a pixel of any camera. */
const DIGITS = 8

/** A file to write. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** `data.yaml` and a text file a picture: class, centre, size, shares of the picture (docs.ultralytics.com, "Detect datasets"). */
export function yoloOf({ classes, entries }: Manifest): TextFile[] {
  const names = classes.map((name, i) => `  ${i}: ${JSON.stringify(name)}\n`).join('')
  const labels = entries.flatMap(({ boxes, image, split }) =>
    boxes ? [{ path: `labels/${split}/${image}.txt`, text: boxes.map((box) => lineOf(box, classes)).join('') }] : [],
  )
  return [{ path: 'data.yaml', text: `path: .\ntrain: images/train\nval: images/val\nnames:\n${names}` }, ...labels]
}

function lineOf({ class: name, box: [x, y, width, height] }: DatasetBox, classes: readonly string[]): string {
  const numbers = [x + width / 2, y + height / 2, width, height].map((value) => value.toFixed(DIGITS))
  return `${classes.indexOf(name)} ${numbers.join(' ')}\n`
}
