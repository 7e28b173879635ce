import { type FormEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../../components/ui/button.tsx'
import { Icon } from '../../../../components/ui/icon.tsx'
import { Segmented } from '../../../../components/ui/segmented.tsx'
import type { Zone } from '../../api/zones.ts'
import { hasEnoughPoints, withoutPoint, withPoint } from '../../zones/draft.ts'
import type { ZoneDesk } from '../../zones/use-zone-desk.ts'

interface ZonePanelProps {
  readonly zones: readonly Zone[]
  readonly desk: ZoneDesk
  readonly onClose: () => void
}

/** The zones of the camera in focus: drawn anew, changed, deleted. */
export function ZonePanel({ zones, desk, onClose }: ZonePanelProps) {
  const { t } = useTranslation()
  return (
    <aside
      aria-label={t('zones.title')}
      className="flex w-full shrink-0 flex-col gap-3 overflow-auto border-line bg-surface p-3 max-lg:max-h-[45dvh] max-lg:border-t lg:w-72 lg:border-l"
    >
      <div className="flex items-center justify-between">
        <h2 className="font-semibold">{t('zones.title')}</h2>
        <Button kind="quiet" label={t('close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      {desk.draft ? <ZoneForm desk={desk} /> : <ZoneList zones={zones} desk={desk} />}
      {desk.problem && (
        <p role="alert" className="text-bad text-sm">
          {desk.problem}
        </p>
      )}
    </aside>
  )
}

function ZoneList({ zones, desk }: Omit<ZonePanelProps, 'onClose'>) {
  const { t } = useTranslation()
  return (
    <>
      {zones.length === 0 && <p className="text-muted text-sm">{t('zones.none')}</p>}
      <ul className="flex flex-col">
        {zones.map((zone) => (
          <li key={zone.id} className="flex items-center gap-1 border-line border-b py-1 last:border-b-0">
            <span className="mr-auto truncate">{zone.name}</span>
            <Button kind="quiet" label={t('zones.change', { name: zone.name })} onClick={() => desk.change(zone)}>
              <Icon name="sliders" />
            </Button>
            <Button kind="quiet" label={t('zones.delete', { name: zone.name })} onClick={() => desk.remove(zone)}>
              <Icon name="close" />
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={desk.begin}>
        <Icon name="plus" />
        {t('zones.add')}
      </Button>
    </>
  )
}

function ZoneForm({ desk }: Pick<ZonePanelProps, 'desk'>) {
  const { t } = useTranslation()
  const id = useId()
  const draft = desk.draft!
  const submit = (event: FormEvent) => {
    event.preventDefault()
    desk.save()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <label htmlFor={id} className="font-medium text-muted text-xs">
        {t('zones.name')}
      </label>
      <input
        id={id}
        value={draft.name}
        maxLength={60}
        required
        onChange={({ target }) => desk.edit({ ...draft, name: target.value })}
        className="-mt-2 w-full rounded-md border border-line bg-surface px-2.5 py-1.5"
      />
      <Segmented
        label={t('zones.kind')}
        value={draft.kind}
        options={(['AREA', 'LINE'] as const).map((value) => ({ value, label: t(`zones.${value}`) }))}
        onChange={(kind) => desk.edit({ ...draft, kind })}
      />
      <p className="text-muted text-sm">{t('zones.help')}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => desk.edit(withPoint(draft))}>
          <Icon name="plus" />
          {t('zones.addPoint')}
        </Button>
        <Button
          disabled={draft.points.length === 0}
          onClick={() => desk.edit(withoutPoint(draft, draft.points.length - 1))}
        >
          <Icon name="undo" />
          {t('zones.removePoint')}
        </Button>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={desk.cancel}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" disabled={desk.isBusy || !hasEnoughPoints(draft)}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
