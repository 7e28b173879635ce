import { useTranslation } from 'react-i18next'
import { type KeyBinding, useKeys } from '../../lib/keys.ts'
import { classesOf, withDigit } from './classes.ts'
import { add, choose, chooseBy, classify, type Draft, move, remove, resize } from './desk/draft.ts'
import type { TriageDesk } from './desk/triage-desk.ts'

/** Shares of the picture: about three pixels, and four times that while a key is held down. */
const STEP = 0.0025
const HELD = 4

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

/** One key a verdict, and the boxes without a mouse. */
export function useDeskKeys(desk: TriageDesk): void {
  const { t } = useTranslation()
  const edit = (change: (draft: Draft) => Draft) => () => desk.edit(change)
  useKeys(t('triage.title'), [
    { keys: 'f', label: t('triage.confirm'), run: once(() => desk.judge('CONFIRM')) },
    { keys: 'Enter', run: once(() => desk.judge('CONFIRM')) },
    { keys: 'r', label: t('triage.reject'), run: once(() => desk.judge('REJECT')) },
    { keys: 's', label: t('triage.skip'), run: once(() => desk.judge('SKIP')) },
    { keys: 'z', label: t('triage.undo'), run: () => desk.undo() },
    { keys: 'Mod+z', run: () => desk.undo() },
    { keys: 'j', label: t('triage.nextBox'), run: edit((draft) => chooseBy(draft, 1)) },
    { keys: 'k', label: t('triage.previousBox'), run: edit((draft) => chooseBy(draft, -1)) },
    { keys: 'a', label: t('triage.add'), run: () => addInMiddle(desk) },
    { keys: 'x', label: t('triage.remove'), run: edit(remove) },
    { keys: 'Delete', run: edit(remove) },
    { keys: 'Escape', run: edit((draft) => choose(draft, undefined)) },
    ...digits(desk, t('triage.classDigit')),
    ...arrows(desk, t('triage.move'), t('triage.resize')),
  ])
}

/** A key that is held down judges one item, not all of them. */
function once(work: () => void): KeyBinding['run'] {
  return ({ repeat }) => {
    if (!repeat) work()
  }
}

/** The first digit stands for all in the list of keys. */
function digits(desk: TriageDesk, label: string): KeyBinding[] {
  return Array.from({ length: 9 }, (_, i) => ({
    keys: `${i + 1}`,
    ...(i === 0 && { label }),
    run: () => {
      const { item } = desk.view()
      const name = item && withDigit(classesOf(item))[i]
      if (name) desk.edit((draft) => classify(draft, name))
    },
  }))
}

function arrows(desk: TriageDesk, moveLabel: string, resizeLabel: string): KeyBinding[] {
  return Object.entries(ARROWS).flatMap(([key, [x, y]], i) => {
    const binding = (keys: string, label: string, change: typeof move): KeyBinding => ({
      keys,
      ...(i === 0 && { label }),
      run: ({ repeat }) => {
        const times = repeat ? HELD : 1
        desk.edit((draft) => change(draft, x * times, y * times))
      },
    })
    return [binding(key, moveLabel, move), binding(`Shift+${key}`, resizeLabel, resize)]
  })
}

export function addInMiddle(desk: TriageDesk): void {
  const { item } = desk.view()
  if (!item) return
  const size = { width: 0.1, height: (0.1 * item.width) / item.height }
  const middle = { ...size, x: 0.5 - size.width / 2, y: 0.5 - size.height / 2 }
  desk.edit((draft) => add(draft, middle, classesOf(item)[0]!))
}
