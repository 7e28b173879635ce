import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../../components/ui/dialog.tsx'
import { timeText } from '../../../../lib/times.ts'
import type { Minute, Timeline } from '../../timeline/timeline.ts'

interface TimelineTableProps {
  readonly timeline: Timeline
  readonly onOpen: (minute: Minute) => void
  readonly onClose: () => void
}

/** The same numbers for who does not see bars, newest first; minutes of which there is nothing to tell are left out. */
export function TimelineTable({ timeline: { minutes }, onOpen, onClose }: TimelineTableProps) {
  const { t, i18n } = useTranslation()
  const told = minutes.filter(({ frames, marks }) => frames > 0 || marks.length > 0).toReversed()
  const names = [...new Set(told.flatMap(({ classes }) => classes.map((each) => each.class)))].sort()
  const heads = [t('timeline.framesHead'), ...names, t('timeline.marksHead')]
  return (
    <Dialog title={t('timeline.title')} onClose={onClose}>
      {told.length === 0 && <p className="text-muted">{t('timeline.none')}</p>}
      {told.length > 0 && (
        <table className="w-full text-sm tabular-nums">
          <thead>
            <tr className="border-line border-b text-left text-muted text-xs">
              <th scope="col" className="py-1.5 font-medium">
                {t('timeline.minute')}
              </th>
              {heads.map((head) => (
                <th key={head} scope="col" className="py-1.5 text-right font-medium">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {told.map((minute) => (
              <tr key={minute.at} className="border-line border-b last:border-b-0">
                <th scope="row" className="py-1 text-left font-normal">
                  <button
                    type="button"
                    className="-mx-1 rounded px-1 py-0.5 text-accent underline underline-offset-4"
                    onClick={() => onOpen(minute)}
                  >
                    {timeText(new Date(minute.at), i18n.language, 'minute')}
                  </button>
                </th>
                {numbersOf(minute, names).map((value, i) => (
                  <td key={heads[i]} className="py-1 text-right">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  )
}

function numbersOf({ frames, classes, marks }: Minute, names: readonly string[]): number[] {
  const seen = new Map(classes.map((each) => [each.class, each.detections]))
  return [frames, ...names.map((name) => seen.get(name) ?? 0), marks.length]
}
