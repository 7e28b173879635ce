import { useTranslation } from 'react-i18next'
import { useKeys } from '../../lib/keys.ts'
import type { WatchedCamera } from './api/watched-cameras.ts'
import type { Player } from './use-player.ts'

interface FocusKeys {
  readonly camera: WatchedCamera
  readonly player: Player
  readonly back: () => void
  readonly toggleZones: () => void
  readonly save: (withBoxes: boolean) => void
  /** @param by cameras in their order. */
  readonly goOn: (by: 1 | -1) => void
}

export function useFocusKeys({ camera, player, back, toggleZones, save, goOn }: FocusKeys): void {
  const { t } = useTranslation()
  useKeys(camera.name, [
    { keys: 'Escape', label: t('live.back'), run: back },
    { keys: ' ', label: t('live.pause'), run: player.toggle },
    { keys: 'ArrowLeft', label: t('live.stepBack'), run: () => player.step(-1) },
    { keys: 'ArrowRight', label: t('live.stepForth'), run: () => player.step(1) },
    { keys: 's', label: t('live.snapshot'), run: () => save(true) },
    { keys: 'Shift+s', label: t('live.snapshotBare'), run: () => save(false) },
    { keys: 'd', label: t('live.editZones'), run: toggleZones },
    { keys: 'n', label: t('live.nextCamera'), run: () => goOn(1) },
    { keys: 'p', label: t('live.previousCamera'), run: () => goOn(-1) },
  ])
}
