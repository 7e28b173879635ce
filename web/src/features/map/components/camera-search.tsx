import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MapCamera } from '../api/map-cameras.ts'
import { isPlaced, matching, type PlacedCamera } from '../features.ts'

const MOST = 8

interface CameraSearchProps {
  readonly cameras: readonly MapCamera[]
  readonly onChoose: (camera: PlacedCamera) => void
}

/** Finds a camera by its name; arrows and Enter choose. */
export function CameraSearch({ cameras, onChoose }: CameraSearchProps) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const found = matching(cameras.filter(isPlaced), text, MOST)
  const choose = (camera: PlacedCamera | undefined): void => {
    if (!camera) return
    onChoose(camera)
    setText('')
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setActive((active + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') choose(found[active])
    else if (event.key === 'Escape') setText('')
    else return
    event.preventDefault()
  }
  return (
    <div className="relative">
      <p
        role="status"
        className="absolute right-0 z-20 mt-9 rounded-lg border border-line bg-raised px-3 py-1.5 text-muted shadow-xl empty:hidden"
      >
        {text.trim() !== '' && found.length === 0 && t('palette.nothing')}
      </p>
      <input
        type="search"
        role="combobox"
        aria-label={t('map.search')}
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
        placeholder={t('map.search')}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
        className="h-8 w-52 rounded-md border border-line bg-surface px-2.5 placeholder:text-muted"
      />
      <div
        id={id}
        role="listbox"
        aria-label={t('map.search')}
        hidden={found.length === 0}
        className="absolute right-0 z-20 mt-1 w-72 max-w-[80vw] overflow-hidden rounded-lg border border-line bg-raised py-1 shadow-xl"
      >
        {found.map((camera, index) => (
          <button
            key={camera.id}
            id={`${id}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => choose(camera)}
            className="block w-full truncate px-3 py-1.5 text-left hover:bg-canvas aria-selected:bg-accent-soft"
          >
            {camera.name}
          </button>
        ))}
      </div>
    </div>
  )
}
