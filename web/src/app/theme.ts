import { useEffect, useState, useSyncExternalStore } from 'react'

const THEME_KEY = 'sentinel-theme'
const dark = matchMedia('(prefers-color-scheme: dark)')

export type Theme = 'light' | 'dark'

/** The theme that the visitor chose, or that of the system for as long as they have not. */
export function useTheme(): [Theme, (chosen: Theme) => void] {
  const [chosen, setChosen] = useState(storedTheme)
  const isSystemDark = useSyncExternalStore(onSystemChange, () => dark.matches)
  const theme = chosen ?? (isSystemDark ? 'dark' : 'light')
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  const choose = (next: Theme): void => {
    localStorage.setItem(THEME_KEY, next)
    setChosen(next)
  }
  return [theme, choose]
}

/** Before the first paint, so that a dark room is not lit up by a white page. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = storedTheme() ?? (dark.matches ? 'dark' : 'light')
}

function storedTheme(): Theme | undefined {
  const stored = localStorage.getItem(THEME_KEY)
  return stored === 'light' || stored === 'dark' ? stored : undefined
}

function onSystemChange(listener: () => void): () => void {
  dark.addEventListener('change', listener)
  return () => dark.removeEventListener('change', listener)
}
