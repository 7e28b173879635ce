import { useTranslation } from 'react-i18next'
import { Keys } from '../../../components/ui/key.tsx'
import { Select } from '../../../components/ui/select.tsx'
import type { Item } from '../api/triage.ts'
import { classesOf, withDigit } from '../classes.ts'
import { chosenOf, classify, type Draft } from '../desk/draft.ts'
import type { TriageDesk } from '../desk/triage-desk.ts'

interface ClassPickerProps {
  readonly item: Item
  readonly draft: Draft
  readonly desk: TriageDesk
}

/** What the chosen box is: the digits, and a list for everything else. */
export function ClassPicker({ item, draft, desk }: ClassPickerProps) {
  const { t } = useTranslation()
  const box = chosenOf(draft)
  if (!box) return undefined
  const classes = classesOf(item)
  const others = classes.slice(withDigit(classes).length)
  const set = (name: string) => desk.edit((before) => classify(before, name))
  return (
    <section>
      <h2 className="mb-2 font-medium text-muted text-xs">{t('triage.class')}</h2>
      <div className="grid grid-cols-2 gap-1.5">
        {withDigit(classes).map((name, i) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === box.class}
            onClick={() => set(name)}
            className="flex min-h-9 items-center gap-2 rounded-md border border-line px-2 text-left hover:bg-canvas aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-medium"
          >
            <span aria-hidden="true" className="hidden sm:inline">
              <Keys keys={`${i + 1}`} />
            </span>
            <span className="truncate">{name}</span>
          </button>
        ))}
      </div>
      {others.length > 0 && (
        <div className="mt-2">
          <Select
            label={t('triage.otherClass')}
            value={others.includes(box.class) ? box.class : ''}
            onChange={(name) => name && set(name)}
            options={[
              { value: '', label: t('triage.otherClass') },
              ...others.map((value) => ({ value, label: value })),
            ]}
          />
        </div>
      )}
    </section>
  )
}
