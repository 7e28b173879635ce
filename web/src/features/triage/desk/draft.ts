import type { Item, Rectangle } from '../api/triage.ts'

/** Nothing smaller is a road user that anybody could see; shares of the picture. */
export const SMALLEST = 0.004

export interface DraftBox extends Rectangle {
  /** Stands for this box on this desk. */
  readonly id: number
  readonly class: string
  /** Of the model; null for what a person has said. */
  readonly score: number | null
  readonly trackId: string | null
}

/** The boxes of an item while a person looks at them. */
export interface Draft {
  readonly boxes: readonly DraftBox[]
  /** The box that keys and class digits are about. */
  readonly chosen: number | undefined
  readonly isEdited: boolean
  readonly nextId: number
}

/** The box that the model is least sure of is chosen: it is why the item is here. */
export function draftOf({ boxes }: Pick<Item, 'boxes'>): Draft {
  const drafts = boxes.map((box, id) => ({ ...box, id }))
  const doubtful = drafts.toSorted((a, b) => a.score - b.score)[0]
  return { boxes: drafts, chosen: doubtful?.id, isEdited: false, nextId: boxes.length }
}

export function chosenOf({ boxes, chosen }: Draft): DraftBox | undefined {
  return boxes.find(({ id }) => id === chosen)
}

export function choose(draft: Draft, chosen: number | undefined): Draft {
  return { ...draft, chosen }
}

/** @param step 1 for the next box, -1 for the one before. */
export function chooseBy(draft: Draft, step: 1 | -1): Draft {
  const { boxes, chosen } = draft
  if (boxes.length === 0) return draft
  const at = boxes.findIndex(({ id }) => id === chosen)
  const next = at < 0 ? (step > 0 ? 0 : boxes.length - 1) : (at + step + boxes.length) % boxes.length
  return choose(draft, boxes[next]!.id)
}

export function place(draft: Draft, rectangle: Rectangle): Draft {
  return edited(draft, (box) => ({ ...box, ...withinPicture(rectangle) }))
}

export function move(draft: Draft, dx: number, dy: number): Draft {
  const box = chosenOf(draft)
  if (!box) return draft
  const x = clamp(box.x + dx, 0, 1 - box.width)
  const y = clamp(box.y + dy, 0, 1 - box.height)
  return edited(draft, (each) => ({ ...each, x, y }))
}

/** The top-left corner stays. */
export function resize(draft: Draft, dw: number, dh: number): Draft {
  const box = chosenOf(draft)
  if (!box) return draft
  const width = clamp(box.width + dw, SMALLEST, 1 - box.x)
  const height = clamp(box.height + dh, SMALLEST, 1 - box.y)
  return edited(draft, (each) => ({ ...each, width, height }))
}

export function classify(draft: Draft, name: string): Draft {
  if (chosenOf(draft)?.class === name) return draft
  return edited(draft, (box) => ({ ...box, class: name }))
}

export function add(draft: Draft, rectangle: Rectangle, name: string): Draft {
  const { boxes, nextId } = draft
  const box = { ...withinPicture(rectangle), id: nextId, class: name, score: null, trackId: null }
  return { boxes: [...boxes, box], chosen: nextId, isEdited: true, nextId: nextId + 1 }
}

export function remove(draft: Draft): Draft {
  const at = draft.boxes.findIndex(({ id }) => id === draft.chosen)
  if (at < 0) return draft
  const boxes = draft.boxes.toSpliced(at, 1)
  return { ...draft, boxes, chosen: boxes[Math.min(at, boxes.length - 1)]?.id, isEdited: true }
}

function edited(draft: Draft, change: (box: DraftBox) => DraftBox): Draft {
  if (!chosenOf(draft)) return draft
  const boxes = draft.boxes.map((box) => (box.id === draft.chosen ? { ...change(box), score: null } : box))
  return { ...draft, boxes, isEdited: true }
}

function withinPicture({ x, y, width, height }: Rectangle): Rectangle {
  const left = clamp(x, 0, 1 - SMALLEST)
  const top = clamp(y, 0, 1 - SMALLEST)
  return {
    x: left,
    y: top,
    width: clamp(x + width - left, SMALLEST, 1 - left),
    height: clamp(y + height - top, SMALLEST, 1 - top),
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
