import type { LabelledBox } from '../../../platform/events/frame.ts'
import { generator } from '../../support/tiny-yolox.ts'
import { type CityPicture, HEIGHT, WIDTH } from './pictures.ts'

/** What a person marks: pixels of 640×360, and the share of it that can be seen. */
const [LEAST_SIDE, LEAST_VISIBILITY] = [8, 0.3]
const CLASSES = ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck']

/**
 * A person who certifies a frame by the truth: every box right.
 *
 * @param mistakes share of the boxes that are missed, called something else or set beside the object, a third each.
 */
export function certify({ truth }: CityPicture, mistakes: number, seed: number): LabelledBox[] {
  const random = generator(seed + 1)
  return truth.filter(isMarked).flatMap(({ class: name, box }): LabelledBox[] => {
    const right: LabelledBox = { class: name, box: inShares(box) }
    if (random() >= mistakes) return [right]
    const kind = Math.floor(random() * 3)
    if (kind === 0) return []
    if (kind === 1) return [{ ...right, class: CLASSES[Math.floor(random() * CLASSES.length)]! }]
    return [{ ...right, box: inShares([box[0] + box[2] * (random() - 0.5), box[1], box[2] * 1.5, box[3]]) }]
  })
}

function isMarked({ box, visibility = 1 }: CityPicture['truth'][number]): boolean {
  return Math.max(box[2], box[3]) >= LEAST_SIDE && visibility >= LEAST_VISIBILITY
}

/** Within the picture, shares of it. */
function inShares([x, y, width, height]: readonly [number, number, number, number]): LabelledBox['box'] {
  const [left, top] = [Math.max(0, x), Math.max(0, y)]
  const [right, bottom] = [Math.min(WIDTH, x + width), Math.min(HEIGHT, y + height)]
  return [left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT]
}
