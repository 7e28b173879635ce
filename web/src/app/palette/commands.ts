import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQuery } from 'urql'
import type { IconName } from '../../components/ui/icon.tsx'
import { LANGUAGES } from '../../lib/i18n.ts'
import { FoundCamerasDocument } from '../api/found-cameras.ts'
import { ALL_PAGES } from '../pages.ts'
import type { Opened } from '../shell.tsx'
import { chooseTheme, THEMES } from '../theme.ts'

export interface Command {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  /** The keys that do the same. */
  readonly keys?: string
  run(): void
}

/** What can be done from everywhere, by the words that were typed: pages, settings, cameras. */
export function useCommands(typed: string, onOpen: (what: Opened) => void): Command[] {
  const words = typed.trim().toLowerCase()
  const commands = [...usePages(), ...useSettings(onOpen)].filter(({ label }) => label.toLowerCase().includes(words))
  return [...commands, ...useCameras(words)]
}

function usePages(): Command[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return ALL_PAGES.map(({ path, name, icon, key }) => ({
    id: path,
    label: t(`nav.${name}`),
    icon,
    keys: `g ${key}`,
    run: () => void navigate(path),
  }))
}

function useSettings(onOpen: (what: Opened) => void): Command[] {
  const { t, i18n } = useTranslation()
  return [
    { id: 'keys', label: t('keys.title'), icon: 'keyboard', keys: '?', run: () => onOpen('keys') },
    { id: 'preferences', label: t('preferences.title'), icon: 'sliders', run: () => onOpen('preferences') },
    ...THEMES.map((theme) => ({
      id: theme,
      label: `${t('theme.title')}: ${t(`theme.${theme}`)}`,
      icon: 'sliders' as const,
      run: () => chooseTheme(theme),
    })),
    ...LANGUAGES.map((language) => ({
      id: language,
      label: `${t('language.title')}: ${t(`language.${language}`)}`,
      icon: 'sliders' as const,
      run: () => void i18n.changeLanguage(language),
    })),
  ]
}

function useCameras(words: string): Command[] {
  const navigate = useNavigate()
  const [{ data, fetching, stale }] = useQuery({
    query: FoundCamerasDocument,
    variables: { search: words },
    pause: words === '',
  })
  if (words === '') return []
  // What was found for the letters before stays until the answer comes: Enter must not run what no longer fits.
  const isOld = fetching || stale
  const nodes = (data?.cameras.edges ?? []).map(({ node }) => node)
  const fitting = nodes.filter(({ name }) => !isOld || name.toLowerCase().includes(words))
  return fitting.map(({ id, name }) => ({
    id: `camera-${id}`,
    label: name,
    icon: 'camera',
    run: () => void navigate(`/live?focus=${encodeURIComponent(id)}`),
  }))
}
