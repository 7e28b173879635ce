import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../../components/ui/icon.tsx'
import { Keys } from '../../../components/ui/key.tsx'
import type { Draft } from '../desk/draft.ts'
import type { TriageDesk } from '../desk/triage-desk.ts'

interface VerdictBarProps {
  readonly desk: TriageDesk
  readonly draft: Draft
  readonly canUndo: boolean
}

/** The verdicts for a thumb or a mouse, each with its key. */
export function VerdictBar({ desk, draft, canUndo }: VerdictBarProps) {
  const { t } = useTranslation()
  return (
    <div className="flex shrink-0 gap-2 border-line border-t bg-surface p-2 sm:p-3">
      <VerdictButton icon="undo" keys="z" label={t('triage.undo')} isOff={!canUndo} onClick={() => desk.undo()} />
      <VerdictButton icon="skip" keys="s" label={t('triage.skip')} onClick={() => desk.judge('SKIP')} />
      <VerdictButton icon="close" keys="r" label={t('triage.reject')} onClick={() => desk.judge('REJECT')} />
      <VerdictButton
        icon="check"
        keys="f"
        label={t(draft.isEdited ? 'triage.correct' : 'triage.confirm')}
        isMain
        onClick={() => desk.judge('CONFIRM')}
      />
    </div>
  )
}

interface VerdictButtonProps {
  readonly icon: IconName
  readonly keys: string
  readonly label: string
  readonly isMain?: boolean
  readonly isOff?: boolean
  readonly onClick: () => void
}

function VerdictButton({ icon, keys, label, isMain = false, isOff = false, onClick }: VerdictButtonProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      disabled={isOff}
      className={`flex min-h-13 min-w-0 flex-col items-center justify-center gap-0.5 rounded-lg px-1 font-medium text-xs transition-colors disabled:opacity-40 sm:min-h-12 sm:flex-row sm:gap-2 sm:px-4 sm:text-sm ${
        isMain
          ? 'flex-[1.6] sm:flex-[2] bg-accent text-accent-text hover:brightness-110'
          : 'flex-1 border border-line bg-raised hover:bg-canvas'
      }`}
    >
      <Icon name={icon} />
      <span className="truncate">{label}</span>
      <span aria-hidden="true" className="hidden sm:inline">
        <Keys keys={keys} />
      </span>
    </button>
  )
}
