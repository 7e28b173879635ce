import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/ui/button.tsx'
import { Icon } from '../components/ui/icon.tsx'
import { languages } from '../lib/i18n.ts'
import { useTheme } from './theme.ts'

export function ThemeSwitch() {
  const { t } = useTranslation()
  const [theme, choose] = useTheme()
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <Button kind="quiet" onClick={() => choose(other)} label={t(`theme.${other}`)}>
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </Button>
  )
}

export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const next = languages[(languages.indexOf(i18n.language as 'en') + 1) % languages.length]!
  useEffect(() => {
    document.documentElement.lang = i18n.language
  }, [i18n.language])
  return (
    <Button kind="quiet" onClick={() => void i18n.changeLanguage(next)} label={t('language.switch')}>
      <span className="font-medium text-xs uppercase">{i18n.language}</span>
    </Button>
  )
}
