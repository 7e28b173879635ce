import { CLASSES, type TruePicture } from '../truth.ts'

/** One line a box: class number from 0, middle, width and height as shares of the picture. An empty text is a picture of nobody. */
export function toYolo({ width, height, boxes }: TruePicture): string {
  const lines = boxes.map(({ class: name, box: [x, y, w, h] }) => {
    const shares = [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height]
    return `${CLASSES.indexOf(name)} ${shares.map((share) => share.toFixed(6)).join(' ')}\n`
  })
  return lines.join('')
}

/** The description of a data set that YOLO trainers read. */
export const yoloDescription = (): string =>
  [
    'path: .',
    'train: images',
    'val: images',
    'names:',
    ...CLASSES.map((name, index) => `  ${index}: ${name}`),
    '',
  ].join('\n')
