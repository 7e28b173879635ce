import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { useOwnDrags } from '../../../lib/use-own-drags.ts'
import type { Item } from '../api/triage.ts'
import { classesOf } from '../classes.ts'
import { add, choose, type Draft, place } from '../desk/draft.ts'
import type { Picture } from '../desk/pictures.ts'
import type { TriageDesk } from '../desk/triage-desk.ts'
import { tellPainted } from '../pace.ts'
import { useDrag } from '../use-drag.ts'
import { usePinch } from '../use-pinch.ts'
import { BoxFrame } from './box-frame.tsx'

interface StageProps {
  readonly item: Item
  readonly draft: Draft
  readonly picture: Picture
  readonly desk: TriageDesk
}

/** The picture as large as it fits, its boxes over it. */
export function Stage({ item, draft, picture, desk }: StageProps) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!(picture instanceof ImageBitmap)) return
    canvas.current!.getContext('2d', { alpha: false })!.drawImage(picture, 0, 0, item.width, item.height)
    tellPainted(item.id)
  }, [picture, item])
  const drawing = useDrag(frame, {
    start: () => desk.edit((before) => choose(before, undefined)),
    drawn: (rectangle) => desk.edit((before) => add(before, rectangle, classesOf(item)[0]!)),
  })
  const ratio = item.width / item.height
  const { zoom, reset, handlers } = usePinch(stage, frame)
  useOwnDrags(stage)
  return (
    <div
      ref={stage}
      {...handlers}
      className="@container-size relative flex min-h-0 flex-1 touch-none items-center justify-center overflow-hidden bg-video p-0"
    >
      <div
        ref={frame}
        data-item={item.id}
        className="relative shrink-0 touch-none select-none"
        style={{
          aspectRatio: ratio,
          width: `calc(min(100cqw, 100cqh * ${ratio}) * ${zoom.scale})`,
          translate: `${zoom.x}px ${zoom.y}px`,
        }}
        onPointerDown={drawing.onPointerDown}
      >
        <canvas ref={canvas} width={item.width} height={item.height} className="absolute inset-0 size-full" />
        {draft.boxes.map((box) => (
          <BoxFrame
            key={box.id}
            box={box}
            isChosen={box.id === draft.chosen}
            frame={frame}
            onChoose={() => desk.edit((before) => choose(before, box.id))}
            onPlace={(rectangle) => desk.edit((before) => place(choose(before, box.id), rectangle))}
          />
        ))}
        {drawing.rectangle && <Outline {...drawing.rectangle} />}
      </div>
      {zoom.scale > 1 && (
        <span className="absolute top-2 right-2 z-20">
          <Button onClick={reset}>{t('triage.whole')}</Button>
        </span>
      )}
      {picture === 'missing' && (
        <p role="status" className="absolute rounded-md bg-black/70 p-3 text-white">
          {t('triage.pictureGone')}
        </p>
      )}
    </div>
  )
}

function Outline({ x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  const style = { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` }
  return <div className="pointer-events-none absolute border-2 border-white border-dashed" style={style} />
}
