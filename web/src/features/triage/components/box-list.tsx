import { useTranslation } from 'react-i18next'
import { colourOf } from '../../../lib/class-colours.ts'
import { choose, type Draft } from '../desk/draft.ts'
import type { TriageDesk } from '../desk/triage-desk.ts'

export function BoxList({ draft, desk }: { readonly draft: Draft; readonly desk: TriageDesk }) {
  const { t } = useTranslation()
  if (draft.boxes.length === 0) return <p className="text-muted">{t('triage.noBoxes')}</p>
  return (
    <ul className="flex flex-col gap-0.5">
      {draft.boxes.map((box) => (
        <li key={box.id}>
          <button
            type="button"
            aria-pressed={box.id === draft.chosen}
            onClick={() => desk.edit((before) => choose(before, box.id))}
            className="flex min-h-8 w-full items-center gap-2.5 rounded-md px-2 text-left hover:bg-canvas aria-pressed:bg-accent-soft"
          >
            <span
              aria-hidden="true"
              className="size-3 shrink-0 rounded-[3px] ring-1 ring-black/30"
              style={{ background: colourOf(box.class) }}
            />
            <span className="flex-1 truncate">{box.class}</span>
            <span className="text-muted text-xs tabular-nums">
              {box.score === null ? t('triage.byYou') : `${Math.round(box.score * 100)} %`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
