import { CLASSES, type TrueBox, type TruePicture } from '../truth.ts'

/** The parts of COCO's object detection format that name boxes. Category ids count from 1, as there. */
export interface Coco {
  readonly images: readonly { id: number; file_name: string; width: number; height: number }[]
  readonly categories: readonly { id: number; name: string }[]
  readonly annotations: readonly CocoAnnotation[]
}

interface CocoAnnotation {
  readonly id: number
  readonly image_id: number
  readonly category_id: number
  readonly bbox: TrueBox['box']
  readonly area: number
  readonly iscrowd: 0
  /** Beyond COCO: the road user's id and the share of it that is seen. */
  readonly track: string
  readonly visibility: number
}

/** Boxes are those around the visible pixels. */
export function toCoco(pictures: readonly TruePicture[]): Coco {
  const boxes = pictures.flatMap(({ boxes }, picture) => boxes.map((box) => ({ box, picture })))
  return {
    images: pictures.map(({ image, width, height }, index) => ({ id: index + 1, file_name: image, width, height })),
    categories: CLASSES.map((name, index) => ({ id: index + 1, name })),
    annotations: boxes.map(({ box, picture }, index) => annotation(box, index + 1, picture + 1)),
  }
}

function annotation({ class: name, box, id: track, visibility }: TrueBox, id: number, image: number): CocoAnnotation {
  const category_id = CLASSES.indexOf(name) + 1
  return { id, image_id: image, category_id, bbox: box, area: box[2] * box[3], iscrowd: 0, track, visibility }
}
