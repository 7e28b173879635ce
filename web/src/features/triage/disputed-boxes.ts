import { differingIn } from '../../lib/differing.ts'
import type { SaidBox } from './api/disputes.ts'

/** All that anybody drew, each object once; undefined where one object has two names, which cannot both be right. */
export function allOf(opinions: readonly (readonly SaidBox[])[]): SaidBox[] | undefined {
  const all: SaidBox[] = []
  for (const drawn of opinions) {
    const more = [...differingIn(drawn, all)].map((i) => drawn[i]!)
    if (more.some((box) => isNamedOtherwise(box, all))) return undefined
    all.push(...more)
  }
  return all
}

/** What everybody drew, as the first one did. */
export function agreedOf([first = [], ...others]: readonly (readonly SaidBox[])[]): SaidBox[] {
  const alone = new Set(others.flatMap((drawn) => [...differingIn(first, drawn)]))
  return first.filter((_, i) => !alone.has(i))
}

function isNamedOtherwise(box: SaidBox, others: readonly SaidBox[]): boolean {
  return others.some(
    (other) => other.class !== box.class && differingIn([box], [{ ...other, class: box.class }]).size === 0,
  )
}
