import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { messageOf } from '../../../lib/message-of.ts'
import { timeText } from '../../../lib/times.ts'
import type { Direction, KeptFrame } from '../../events/api/kept-frame.ts'
import { keptFrame } from '../../events/kept-frame.ts'
import type { Player } from '../use-player.ts'

export interface LookBack {
  /** The frame that is shown in place of the live picture; undefined while that is shown. */
  readonly frame: KeptFrame | undefined
  /** Steps from kept picture to kept picture, and goes back to the live one, while one is shown. */
  readonly player: Player
  /** Shows the kept picture nearest to a moment, ms since the epoch. */
  seek(at: number): void
}

/** Pictures of the last hour in place of the live one, which stands still meanwhile. */
export function useLookBack(camera: string, live: Player): LookBack {
  const { t, i18n } = useTranslation()
  const [frame, setFrame] = useState<KeptFrame>()
  const [problem, setProblem] = useState<string>()
  const asked = useRef(0)
  const leave = (): void => {
    asked.current++
    setFrame(undefined)
    setProblem(undefined)
    if (live.isPaused) live.toggle()
  }
  const take = (found: KeptFrame): void => {
    setProblem(undefined)
    setFrame(found)
    if (!live.isPaused) live.toggle()
  }
  const show = async (at: string, direction: Direction): Promise<void> => {
    const question = ++asked.current
    const found = await keptFrame(camera, at, direction).catch((error: Error) => error)
    if (question !== asked.current) return
    if (found instanceof Error) setProblem(messageOf(found))
    else if (found) take(found)
    else if (direction === 'AFTER') leave()
    else setProblem(t(direction === 'BEFORE' ? 'live.keptFirst' : 'live.keptNone'))
  }
  const step = (by: number): void => {
    if (frame) void show(frame.capturedAt, by < 0 ? 'BEFORE' : 'AFTER')
  }
  const seek = (at: number): void => void show(new Date(at).toISOString(), 'NEAREST')
  if (!frame) return { frame, seek, player: problem ? { ...live, words: problem } : live }
  const captured = new Date(frame.capturedAt)
  const words = t('live.kept', { time: timeText(captured, i18n.language, 'exact'), count: frame.boxes.length })
  const player = { isPaused: true, at: captured.getTime(), words: problem ?? words, toggle: leave, step }
  return { frame, player, seek }
}
