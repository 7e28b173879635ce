import { useTranslation } from 'react-i18next'
import { timeText } from '../../../lib/times.ts'
import type { Minute } from './timeline.ts'

/** What a minute of the timeline says, in one line. */
export function useMinuteWords(): (minute: Minute) => string {
  const { t, i18n } = useTranslation()
  return ({ at, frames, classes, marks }) => {
    const seen = classes.map(({ class: name, detections, most }) => t('timeline.class', { name, detections, most }))
    const nothing = t(frames > 0 ? 'timeline.nothing' : 'timeline.notLooked')
    const parts = [
      timeText(new Date(at), i18n.language, 'minute'),
      ...(frames > 0 ? [t('timeline.frames', { count: frames })] : []),
      ...(seen.length > 0 ? seen : [nothing]),
      ...(marks.length > 0 ? [t('timeline.marks', { count: marks.length })] : []),
    ]
    return parts.join(' · ')
  }
}
