import { lazy, Suspense, useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { KeptPicture } from '../look-back/kept-picture.tsx'
import { type LookBack, useLookBack } from '../look-back/use-look-back.ts'
import { useStream } from '../stream/use-stream.ts'
import { useTimeline } from '../timeline/use-timeline.ts'
import { useCanvas } from '../use-canvas.ts'
import { useFocusKeys } from '../use-focus-keys.ts'
import { usePlayer } from '../use-player.ts'
import { useTileState } from '../use-tile-state.ts'
import type { Overlay } from '../worker/protocol.ts'
import { useZoneDesk } from '../zones/use-zone-desk.ts'
import { Absence } from './absence.tsx'
import { FocusBar } from './focus-bar.tsx'
import { StreamNotice } from './stream-notice.tsx'

const ZonePanel = lazy(() => import('./zones/zone-panel.tsx').then(({ ZonePanel: it }) => ({ default: it })))
const ZoneCanvas = lazy(() => import('./zones/zone-canvas.tsx').then(({ ZoneCanvas: it }) => ({ default: it })))
const FocusTimeline = lazy(() =>
  import('./timeline/focus-timeline.tsx').then(({ FocusTimeline: it }) => ({ default: it })),
)
const MomentPanel = lazy(() => import('./timeline/moment-panel.tsx').then(({ MomentPanel: it }) => ({ default: it })))

interface FocusViewProps {
  readonly camera: WatchedCamera
  readonly cameras: readonly WatchedCamera[]
  readonly connection: LiveConnection
  readonly overlay: Overlay
  /** Undefined for the grid. */
  readonly onFocus: (camera: WatchedCamera | undefined) => void
  /** The zones in the database have changed. */
  readonly onZones: () => void
}

/** One camera as large as the window, at its full rate: paused, stepped through, saved, and drawn zones on. */
export function FocusView({ camera, cameras, connection, overlay, onFocus, onZones }: FocusViewProps) {
  const frame = useCanvas(camera.id, connection)
  const { frame: kept, player, seek } = useAsked(useLookBack(camera.id, usePlayer(camera.id, connection)))
  const { reason, advice, measured } = useTileState(camera, connection)
  const trouble = useStream(camera, connection, !player.isPaused)
  const { timeline, problem } = useTimeline(camera.id)
  const [beside, setBeside] = useState<'zones' | number>()
  const isDrawing = beside === 'zones'
  const minute = timeline?.minutes.find(({ at }) => at === beside)
  const desk = useZoneDesk(camera.id, onZones)
  const close = () => setBeside(undefined)
  const toggleZones = () => setBeside(isDrawing ? undefined : 'zones')
  const back = () => {
    if (desk.draft) desk.cancel()
    else if (beside) close()
    else if (kept) player.toggle()
    else onFocus(undefined)
  }
  const goOn = (by: 1 | -1) => onFocus(cameras.at((cameras.indexOf(camera) + by) % cameras.length))
  const save = (withBoxes: boolean) => {
    if (kept) void import('../look-back/save-kept.ts').then(({ saveKept }) => saveKept(kept, withBoxes, overlay))
    else connection.save(camera.id, withBoxes)
  }
  useFocusKeys({ camera, player, back, toggleZones, save, goOn })
  return (
    <section aria-label={camera.name} className="flex min-h-0 flex-1 flex-col bg-video">
      <StreamNotice trouble={trouble} />
      <div className="flex min-h-0 flex-1 max-lg:flex-col">
        <div
          ref={frame}
          className={`relative flex-1 ${minute || isDrawing ? 'min-h-[28dvh]' : 'min-h-[40dvh]'}`}
          data-focus={camera.id}
        >
          {reason && !player.isPaused && <Absence reason={reason} advice={advice} />}
          {kept && <KeptPicture frame={kept} hasBoxes={overlay.boxes} />}
          <Suspense>
            {isDrawing && desk.draft && <ZoneCanvas draft={desk.draft} onChange={desk.edit} ratio={ratioOf(camera)} />}
          </Suspense>
        </div>
        <Suspense>
          {isDrawing && <ZonePanel zones={camera.zones} desk={desk} onClose={close} />}
          {minute && <MomentPanel key={minute.at} cameraId={camera.id} minute={minute} onSeek={seek} onClose={close} />}
        </Suspense>
      </div>
      {/* What is drawn on needs the room of a phone. */}
      <div className={isDrawing ? 'max-lg:hidden' : ''}>
        <Suspense fallback={<div className="h-25 shrink-0" />}>
          <FocusTimeline
            {...{ timeline, problem }}
            opened={minute}
            playhead={player.at}
            onOpen={(opened, at) => {
              setBeside(opened.at)
              seek(at)
            }}
          />
        </Suspense>
        <FocusBar
          camera={camera.id}
          name={camera.name}
          words={player.words ?? measured}
          player={player}
          isDrawing={isDrawing}
          onDraw={toggleZones}
          onBack={() => onFocus(undefined)}
          onSave={save}
        />
      </div>
    </section>
  )
}

/** A moment that the address names is looked at first. */
function useAsked(lookBack: LookBack): LookBack {
  const [search] = useSearchParams()
  const at = Date.parse(search.get('at') ?? '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each address
  useEffect(() => {
    if (!Number.isNaN(at)) lookBack.seek(at)
  }, [at])
  return lookBack
}

/** Of what the camera sends; a picture that was never seen is taken for a wide one. */
function ratioOf({ width, height }: WatchedCamera): number {
  return width && height ? width / height : 16 / 9
}
