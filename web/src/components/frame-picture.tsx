import { useTranslation } from 'react-i18next'
import { colourOf } from '../lib/class-colours.ts'

interface ShownBox {
  readonly class: string
  /** 0..1; without one where a person drew it. */
  readonly score?: number | null
  /** Shares of the picture. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface FramePictureProps {
  /** Null where the picture was not kept: its boxes are shown on nothing. */
  readonly url: string | null
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly boxes: readonly ShownBox[]
  readonly label: string
  /** Indices of the boxes that are meant; the others step back. All without it. */
  readonly meant?: ReadonlySet<number> | undefined
}

/** So many are named; more would hide the picture. */
const NAMED = 8

/** A frame with the boxes that were seen in it, drawn over the clean picture. */
export function FramePicture({ url, width, height, boxes, label, meant }: FramePictureProps) {
  const { t } = useTranslation()
  return (
    <figure className="relative shrink-0 overflow-hidden bg-video" style={{ aspectRatio: `${width} / ${height}` }}>
      {url ? (
        <img src={url} alt={label} width={width} height={height} className="absolute inset-0 size-full text-white/85" />
      ) : (
        <figcaption className="absolute inset-x-0 bottom-0 bg-black/60 px-3 py-2 text-white/85 text-xs">
          {t('frame.notKept')}
        </figcaption>
      )}
      {boxes.map((box, i) => (
        <BoxOutline
          key={JSON.stringify(box)}
          box={box}
          isFaint={meant?.has(i) === false}
          isNamed={meant?.has(i) ?? boxes.length <= NAMED}
        />
      ))}
    </figure>
  )
}

interface BoxOutlineProps {
  readonly box: ShownBox
  readonly isFaint: boolean
  readonly isNamed: boolean
}

function BoxOutline({ box, isFaint, isNamed }: BoxOutlineProps) {
  const colour = colourOf(box.class)
  const place = {
    left: `${box.x * 100}%`,
    top: `${box.y * 100}%`,
    width: `${box.width * 100}%`,
    height: `${box.height * 100}%`,
  }
  return (
    <span
      aria-hidden="true"
      className={`absolute ${isFaint ? 'opacity-45' : ''}`}
      style={{ ...place, boxShadow: `inset 0 0 0 ${isFaint ? 1 : 2}px ${colour}, 0 0 0 1px rgb(0 0 0 / 0.5)` }}
    >
      {isNamed && (
        <span
          className={`absolute left-0 whitespace-nowrap rounded-sm px-1 font-semibold text-[0.625rem] text-black leading-4 ${box.y > 0.07 ? 'bottom-full mb-px' : 'top-full mt-px'}`}
          style={{ background: colour }}
        >
          {box.class}
          {box.score != null && ` ${Math.round(box.score * 100)}`}
        </span>
      )}
    </span>
  )
}
