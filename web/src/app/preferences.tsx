import { useTranslation } from 'react-i18next'
import { Dialog } from '../components/ui/dialog.tsx'
import { Field } from '../components/ui/field.tsx'
import { Segmented } from '../components/ui/segmented.tsx'
import { LANGUAGES, type Language } from '../lib/i18n.ts'
import { personName, rename } from '../lib/person.ts'
import { chooseTheme, THEMES, useTheme } from './theme.ts'

export function Preferences({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const theme = useTheme()
  return (
    <Dialog title={t('preferences.title')} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Field
          label={t('person.title')}
          name="person"
          hint={t('person.help')}
          placeholder={t('person.nobody')}
          defaultValue={personName()}
          onChange={rename}
        />
        <div className="flex items-center justify-between gap-4">
          <span>{t('theme.title')}</span>
          <Segmented
            label={t('theme.title')}
            value={theme}
            options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
            onChange={chooseTheme}
          />
        </div>
        <div className="flex items-center justify-between gap-4">
          <span>{t('language.title')}</span>
          <Segmented
            label={t('language.title')}
            value={i18n.language as Language}
            options={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
            onChange={(language) => void i18n.changeLanguage(language)}
          />
        </div>
      </div>
    </Dialog>
  )
}
