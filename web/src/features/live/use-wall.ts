import { useEffect, useState } from 'react'

interface Wall {
  readonly isOn: boolean
  toggle(): void
}

/** The pictures alone on the whole screen; Escape ends it. */
export function useWall(): Wall {
  const [isOn, setIsOn] = useState(false)
  useEffect(() => {
    const end = (): void => {
      if (!document.fullscreenElement) setIsOn(false)
    }
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') setIsOn(false)
    }
    document.addEventListener('fullscreenchange', end)
    window.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('fullscreenchange', end)
      window.removeEventListener('keydown', onKey)
    }
  }, [])
  useEffect(() => {
    document.documentElement.toggleAttribute('data-wall', isOn)
    // Where the browser does not let a page fill the screen, the wall fills the window.
    if (isOn) document.documentElement.requestFullscreen?.().catch(() => undefined)
    else if (document.fullscreenElement) void document.exitFullscreen()
    return () => void document.documentElement.removeAttribute('data-wall')
  }, [isOn])
  return { isOn, toggle: () => setIsOn((before) => !before) }
}
