import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveConnection } from './live-connection.ts'
import { useLive } from './use-live.ts'

export interface Player {
  readonly isPaused: boolean
  /** The time of the picture that is shown and what is in it; undefined while it plays. */
  readonly words: string | undefined
  /** When the picture that is shown was captured, ms since the epoch; undefined while it plays. */
  readonly at: number | undefined
  toggle(): void
  step(by: number): void
}

/** Pause and step; stepping pauses. */
export function usePlayer(camera: string, connection: LiveConnection): Player {
  const { t, i18n } = useTranslation()
  const [isPaused, setIsPaused] = useState(false)
  const { stepped } = useLive(connection)
  useEffect(() => connection.focus(camera), [camera, connection])
  const pause = (on: boolean) => {
    setIsPaused(on)
    connection.pause(camera, on)
  }
  const step = (by: number) => {
    if (!isPaused) pause(true)
    connection.step(camera, by)
  }
  const shown = isPaused && stepped?.camera === camera ? stepped : undefined
  const time = shown && timeOf(shown.header.capturedAt, i18n.language)
  const words = shown && t('live.stepped', { time, boxes: shown.header.boxes.length, behind: shown.behind })
  return { isPaused, at: shown && shown.header.capturedAt / 1000, toggle: () => pause(!isPaused), step, words }
}

/** @param micros since the epoch */
function timeOf(micros: number, language: string): string {
  return new Date(micros / 1000).toLocaleTimeString(language, { fractionalSecondDigits: 3 })
}
