import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import type { Player } from '../use-player.ts'
import { SeenBy } from './seen-by.tsx'

interface FocusBarProps {
  readonly camera: string
  readonly name: string
  /** What is shown: its rate, or its time while paused. */
  readonly words: string | undefined
  readonly player: Player
  readonly isDrawing: boolean
  readonly onDraw: () => void
  readonly onBack: () => void
  readonly onSave: (withBoxes: boolean) => void
}

export function FocusBar({ camera, name, words, player, isDrawing, onDraw, onBack, onSave }: FocusBarProps) {
  const { t } = useTranslation()
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-surface p-2 sm:px-4">
      <Button kind="quiet" onClick={onBack}>
        <Icon name="grid" />
        {t('live.back')}
      </Button>
      <h2 className="mr-auto truncate font-semibold">{name}</h2>
      {/* Words that come or grow move no button: on a narrow screen they have lines of their own. */}
      <div className="flex min-w-0 items-center gap-3 max-lg:order-last max-lg:min-h-8 max-lg:basis-full">
        <SeenBy camera={camera} />
        <span
          className="min-w-0 text-muted text-xs tabular-nums lg:max-w-[34vw] lg:truncate"
          title={words}
          data-paused={player.isPaused}
        >
          {words}
        </span>
      </div>
      <Button label={t('live.stepBack')} onClick={() => player.step(-1)}>
        ‹
      </Button>
      <Button onClick={player.toggle} pressed={player.isPaused}>
        {t(player.isPaused ? 'live.goOn' : 'live.pause')}
      </Button>
      <Button label={t('live.stepForth')} onClick={() => player.step(1)}>
        ›
      </Button>
      <Button label={t('live.editZones')} onClick={onDraw} pressed={isDrawing}>
        <Icon name="polygon" />
      </Button>
      <Button label={t('live.snapshotBare')} onClick={() => onSave(false)}>
        <Icon name="camera" />
      </Button>
      <Button onClick={() => onSave(true)}>
        <Icon name="download" />
        {t('live.snapshot')}
      </Button>
    </div>
  )
}
