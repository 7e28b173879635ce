import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Icon, type IconName } from '../../../components/ui/icon.tsx'
import { Segmented } from '../../../components/ui/segmented.tsx'
import { type Arrangement, LAYOUTS } from '../preferences.ts'

const ICONS = {
  boxes: 'boxes',
  tracks: 'route',
  labels: 'tag',
  confidence: 'percent',
  zones: 'polygon',
} as const satisfies Record<string, IconName>

interface ToolbarProps {
  readonly arrangement: Arrangement
  readonly arrange: (change: Partial<Arrangement>) => void
  /** Cameras in the grid; undefined where one is in focus, which has no layout. */
  readonly count: number | undefined
  readonly onWall: () => void
}

export function Toolbar({ arrangement: { layout, overlay, isMeasured }, arrange, count, onWall }: ToolbarProps) {
  const { t } = useTranslation()
  return (
    <>
      {count !== undefined && (
        <>
          <span className="mr-1 text-muted text-xs">{t('live.count', { count })}</span>
          <Segmented
            label={t('live.layouts')}
            value={layout}
            options={LAYOUTS.map((value) => ({ value, label: t(`live.layout.${value}`) }))}
            onChange={(chosen) => arrange({ layout: chosen })}
          />
        </>
      )}
      <span className="flex">
        {Object.entries(ICONS).map(([name, icon]) => (
          <Button
            key={name}
            kind="quiet"
            pressed={overlay[name as keyof typeof ICONS]}
            label={t(`live.${name as keyof typeof ICONS}`)}
            onClick={() => arrange({ overlay: { ...overlay, [name]: !overlay[name as keyof typeof ICONS] } })}
          >
            <Icon name={icon} />
          </Button>
        ))}
        <Button
          kind="quiet"
          pressed={isMeasured}
          label={t('live.measured')}
          onClick={() => arrange({ isMeasured: !isMeasured })}
        >
          <Icon name="pulse" />
        </Button>
        <Button kind="quiet" label={t('live.wall')} onClick={onWall}>
          <Icon name="expand" />
        </Button>
      </span>
    </>
  )
}
