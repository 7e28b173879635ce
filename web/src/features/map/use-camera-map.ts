import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CameraMap, type MapListener } from './camera-map.ts'
import { loadLand } from './land.ts'
import type { View } from './place.ts'

interface OpenMap {
  /** Undefined until it is there. */
  readonly map: CameraMap | undefined
  /** The browser cannot draw it. */
  readonly hasFailed: boolean
}

/** Opens the map in the container, and closes it with the page. */
export function useCameraMap(container: RefObject<HTMLElement | null>, view: View, listener: MapListener): OpenMap {
  const { t } = useTranslation()
  const [map, setMap] = useState<CameraMap>()
  const [hasFailed, setFailed] = useState(false)
  const latest = useRef({ view, listener, t })
  latest.current = { view, listener, t }
  useEffect(() => {
    let isOpen = true
    let opened: CameraMap | undefined
    const open = (): void => {
      const texts = { title: t('map.title'), zoomIn: t('map.zoomIn'), zoomOut: t('map.zoomOut'), north: t('map.north') }
      opened = new CameraMap(container.current!, latest.current.view, texts, {
        onHover: (...args) => latest.current.listener.onHover(...args),
        onOpen: (...args) => latest.current.listener.onOpen(...args),
        onView: (...args) => latest.current.listener.onView(...args),
        onPlace: (...args) => latest.current.listener.onPlace(...args),
        onGroundError: (...args) => latest.current.listener.onGroundError(...args),
      })
      setMap(opened)
      // Without them the cameras still stand where they are.
      void loadLand().then(
        (land) => isOpen && opened?.showLand(land),
        () => undefined,
      )
    }
    try {
      open()
    } catch {
      setFailed(true)
    }
    return () => {
      isOpen = false
      opened?.close()
    }
  }, [container, t])
  return { map, hasFailed }
}
