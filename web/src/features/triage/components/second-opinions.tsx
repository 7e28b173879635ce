import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Switch } from '../../../components/ui/switch.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { DisputeCountDocument } from '../api/disputes.ts'

const REREAD_MS = 15_000

interface SecondOpinionsProps {
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

/** Whether to look at what others have judged too, and the way to what they do not agree on. */
export function SecondOpinions({ isOn, onChange }: SecondOpinionsProps) {
  const { t } = useTranslation()
  const { data } = useFreshQuery(DisputeCountDocument, { everyMs: REREAD_MS })
  const count = data?.disputedItems.edges.length ?? 0
  return (
    <div className="flex items-center gap-x-3 text-xs">
      {count > 0 && (
        <Link to="/triage/disputes" className="font-medium text-warn underline decoration-line underline-offset-2">
          {t('triage.disputed', { count })}
        </Link>
      )}
      <span aria-hidden="true" className="text-muted">
        {t('triage.secondOpinions')}
      </span>
      <Switch label={t('triage.secondOpinions')} isOn={isOn} onChange={onChange} />
    </div>
  )
}
