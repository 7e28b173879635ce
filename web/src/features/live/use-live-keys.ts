import { useTranslation } from 'react-i18next'
import { useKeys } from '../../lib/keys.ts'
import { type Arrangement, LAYOUTS } from './preferences.ts'

interface LiveKeys {
  readonly arrangement: Arrangement
  readonly arrange: (change: Partial<Arrangement>) => void
  readonly toggleWall: () => void
}

export function useLiveKeys({ arrangement, arrange, toggleWall }: LiveKeys): void {
  const { t } = useTranslation()
  const { overlay, isMeasured } = arrangement
  const toggles = (['boxes', 'tracks', 'labels', 'confidence', 'zones'] as const).map((name) => ({
    keys: { boxes: 'b', tracks: 't', labels: 'l', confidence: 'c', zones: 'z' }[name],
    label: t(`live.${name}`),
    run: () => arrange({ overlay: { ...overlay, [name]: !overlay[name] } }),
  }))
  useKeys(t('live.title'), [
    ...toggles,
    { keys: 'm', label: t('live.measured'), run: () => arrange({ isMeasured: !isMeasured }) },
    { keys: 'w', label: t('live.wall'), run: toggleWall },
    ...LAYOUTS.map((layout, i) => ({
      keys: `${i}`,
      label: t('live.layoutOf', { layout: t(`live.layout.${layout}`) }),
      run: () => arrange({ layout }),
    })),
  ])
}
