import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { addFormats } from './formats.ts'
import de from './locales/de.json'
import en from './locales/en.json'

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

const LANGUAGE_KEY = 'sentinel-language'
const preferred = localStorage.getItem(LANGUAGE_KEY) ?? navigator.language.slice(0, 2)

i18next.on('initialized', () => tellDocument(i18next.language))
i18next.on('languageChanged', (language) => {
  localStorage.setItem(LANGUAGE_KEY, language)
  tellDocument(language)
})
void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, de: { translation: de } },
  lng: LANGUAGES.includes(preferred as Language) ? preferred : 'en',
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
})
addFormats(i18next)

/** Screen readers choose their voice by it. */
function tellDocument(language: string): void {
  document.documentElement.lang = language
}
