import { useTranslation } from 'react-i18next'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { timeText } from '../../../lib/times.ts'
import type { KeptFrame } from '../../events/api/kept-frame.ts'

interface KeptPictureProps {
  readonly frame: KeptFrame
  readonly hasBoxes: boolean
}

/** A frame of the last hour over the live picture, as large as it fits, with what was seen in it. */
export function KeptPicture({ frame, hasBoxes }: KeptPictureProps) {
  const { t, i18n } = useTranslation()
  const { width, height, boxes } = frame
  const time = timeText(frame.capturedAt, i18n.language, 'clock')
  return (
    <div
      data-kept={frame.id}
      className="@container-size absolute inset-0 z-10 flex items-center justify-center bg-video"
    >
      <div style={{ width: `min(100cqw, calc(100cqh * ${width / height}))` }}>
        <FramePicture
          url={frame.imageUrl}
          width={width}
          height={height}
          boxes={hasBoxes ? boxes : []}
          label={t('frame.of', { time, count: boxes.length })}
        />
      </div>
    </div>
  )
}
