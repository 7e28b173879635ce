import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { Segmented } from '../../../components/ui/segmented.tsx'
import { dayName } from '../schedule-text.ts'
import {
  changeWindow,
  DAYS,
  firstSchedule,
  type Schedule,
  toggleDay,
  type WatchWindow,
  withoutWindow,
  withWindow,
} from '../schedule-values.ts'

interface ScheduleFieldProps {
  /** Null: always. */
  readonly schedule: Schedule | null
  readonly onChange: (schedule: Schedule | null) => void
}

export function ScheduleField({ schedule, onChange }: ScheduleFieldProps) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('cameras.when')} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-medium text-muted text-xs">{t('cameras.when')}</span>
        <Segmented
          label={t('cameras.when')}
          value={schedule ? 'hours' : 'always'}
          options={[
            { value: 'always', label: t('cameras.always') },
            { value: 'hours', label: t('cameras.byHours') },
          ]}
          onChange={(value) => onChange(value === 'always' ? null : firstSchedule())}
        />
      </div>
      {schedule?.windows.map((window, at) => (
        <WindowRow
          // biome-ignore lint/suspicious/noArrayIndexKey: windows have no other name than their place
          key={at}
          window={window}
          onChange={(changes) => onChange(changeWindow(schedule, at, changes))}
          onRemove={() => onChange(withoutWindow(schedule, at))}
        />
      ))}
      {schedule && (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="text-muted text-xs">{t('cameras.timeZone', { zone: schedule.timeZone })}</span>
          <Button kind="quiet" onClick={() => onChange(withWindow(schedule))}>
            <Icon name="plus" />
            {t('cameras.moreHours')}
          </Button>
        </div>
      )}
    </section>
  )
}

interface WindowRowProps {
  readonly window: WatchWindow
  readonly onChange: (changes: Partial<WatchWindow>) => void
  readonly onRemove: () => void
}

const TIME = 'min-h-8 w-24 rounded-md border border-line bg-surface px-1.5 py-1 tabular-nums'

function WindowRow({ window, onChange, onRemove }: WindowRowProps) {
  const { t, i18n } = useTranslation()
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line p-2">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">{t('cameras.days')}</legend>
        {DAYS.map((day, i) => (
          <label
            key={day}
            className="flex min-h-7 min-w-8 cursor-pointer items-center justify-center rounded-md border border-line px-1 text-muted text-xs has-checked:border-accent has-checked:bg-accent-soft has-checked:font-medium has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="checkbox"
              className="sr-only"
              checked={window.days.includes(day)}
              onChange={() => onChange({ days: toggleDay(window, day) })}
            />
            {dayName(i, i18n.language)}
          </label>
        ))}
      </fieldset>
      <div className="flex flex-1 items-center gap-1.5">
        <input
          type="time"
          required
          aria-label={t('cameras.from')}
          value={window.from}
          onChange={({ target }) => onChange({ from: target.value })}
          className={TIME}
        />
        –
        <input
          type="time"
          required
          aria-label={t('cameras.to')}
          value={window.to}
          onChange={({ target }) => onChange({ to: target.value })}
          className={TIME}
        />
        <span className="ml-auto">
          <Button kind="quiet" label={t('cameras.removeHours')} onClick={onRemove}>
            <Icon name="close" />
          </Button>
        </span>
      </div>
    </div>
  )
}
