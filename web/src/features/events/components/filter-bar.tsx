import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/ui/select.tsx'
import { fromLocal, type ShownFilter, SINCE, toLocal } from '../filter.ts'
import { typeKey } from '../words.ts'

const TYPES = [
  'sentinel.track.appeared.v1',
  'sentinel.camera.online.v1',
  'sentinel.camera.offline.v1',
  'sentinel.camera.changed.v1',
  'sentinel.zone.changed.v1',
  'sentinel.review.requested.v1',
  'sentinel.review.resolved.v1',
] as const
const SCORES = ['0.5', '0.7', '0.8', '0.9'] as const

interface FilterBarProps {
  readonly filter: ShownFilter
  readonly cameras: readonly { readonly id: string; readonly name: string }[]
  readonly classes: readonly string[]
  readonly onChange: (changes: Readonly<Record<string, string>>) => void
}

export function FilterBar({ filter, cameras, classes, onChange }: FilterBarProps) {
  const { t } = useTranslation()
  const any = (label: string) => ({ value: '', label })
  const names = cameras.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <search
      aria-label={t('events.filters')}
      className="flex shrink-0 items-center gap-2 overflow-x-auto border-line border-b px-4 py-2 md:flex-wrap"
    >
      <Select
        label={t('events.filterType')}
        value={filter.type}
        onChange={(type) => onChange({ type })}
        options={[any(t('events.allTypes')), ...TYPES.map((value) => ({ value, label: t(typeKey(value)) }))]}
      />
      <Select
        label={t('events.filterCamera')}
        value={filter.camera}
        onChange={(camera) => onChange({ camera })}
        options={[any(t('events.allCameras')), ...withChosen(names, filter.camera)]}
      />
      <Select
        label={t('events.filterClass')}
        value={filter.class}
        onChange={(name) => onChange({ class: name })}
        options={[any(t('events.allClasses')), ...withChosen(classes.map(named), filter.class)]}
      />
      <Select
        label={t('events.filterScore')}
        value={filter.score}
        onChange={(score) => onChange({ score })}
        options={[
          any(t('events.allScores')),
          ...withChosen(
            SCORES.map((value) => ({ value, label: t('events.atLeast', { percent: Number(value) * 100 }) })),
            filter.score,
          ),
        ]}
      />
      <TimeFilter filter={filter} onChange={onChange} />
    </search>
  )
}

function TimeFilter({ filter: { time, from, to }, onChange }: Pick<FilterBarProps, 'filter' | 'onChange'>) {
  const { t } = useTranslation()
  const choose = (value: string): void =>
    onChange({ since: value in SINCE ? value : '', between: value === 'between' ? '1' : '', from: '', to: '' })
  const field = 'min-h-8 rounded-md border border-line bg-surface px-2 py-1'
  return (
    <>
      <Select
        label={t('events.filterTime')}
        value={time}
        onChange={choose}
        options={['', ...Object.keys(SINCE), 'between'].map((value) => ({
          value,
          label: t(`events.since.${value || 'any'}`),
        }))}
      />
      {time === 'between' && (
        <>
          <input
            type="datetime-local"
            aria-label={t('events.from')}
            value={toLocal(from)}
            onChange={({ target }) => onChange({ from: fromLocal(target.value) })}
            className={field}
          />
          <input
            type="datetime-local"
            aria-label={t('events.to')}
            value={toLocal(to)}
            onChange={({ target }) => onChange({ to: fromLocal(target.value) })}
            className={field}
          />
        </>
      )}
    </>
  )
}

interface Option {
  readonly value: string
  readonly label: string
}

const named = (value: string): Option => ({ value, label: value })

/** Also while the names are on their way, and of a camera that was removed: the filter says what it does. */
function withChosen(options: readonly Option[], chosen: string): readonly Option[] {
  return chosen === '' || options.some(({ value }) => value === chosen) ? options : [named(chosen), ...options]
}
