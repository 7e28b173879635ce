import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Switch } from '../../../components/ui/switch.tsx'
import type { Camera } from '../api/cameras.ts'
import { scheduleText } from '../schedule-text.ts'

interface CameraRowProps {
  readonly camera: Camera
  readonly onEdit: () => void
  readonly onSwitch: (enabled: boolean) => void
  readonly onRemove: () => void
}

const DOTS = { ONLINE: 'bg-good', OFFLINE: 'bg-bad', UNKNOWN: 'bg-muted' } as const

export function CameraRow({ camera, onEdit, onSwitch, onRemove }: CameraRowProps) {
  const { t, i18n } = useTranslation()
  const { name, source, state, stateReason, enabled, isWatched, schedule } = camera
  const words = !enabled
    ? t('state.off')
    : !isWatched
      ? t('state.outside')
      : state === 'OFFLINE' && stateReason
        ? t([`reason.${stateReason}`, 'state.OFFLINE'])
        : t(`state.${state}`)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-surface">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${isWatched ? DOTS[state] : 'bg-line'}`} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-muted text-xs">{source}</p>
        {schedule && (
          <p className="truncate text-muted text-xs tabular-nums">{scheduleText(schedule, i18n.language)}</p>
        )}
      </div>
      <span className="text-muted">{words}</span>
      <Switch label={t('cameras.switch', { name })} isOn={enabled} onChange={onSwitch} />
      <div className="flex gap-1">
        <Button kind="quiet" onClick={onEdit}>
          {t('cameras.edit')}
        </Button>
        <Button kind="quiet" onClick={onRemove}>
          {t('cameras.remove')}
        </Button>
      </div>
    </li>
  )
}
