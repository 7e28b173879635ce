import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import de from './locales/de.json'
import en from './locales/en.json'

export const languages = ['en', 'de'] as const

const LANGUAGE_KEY = 'sentinel-language'
const preferred = localStorage.getItem(LANGUAGE_KEY) ?? navigator.language.slice(0, 2)

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, de: { translation: de } },
  lng: languages.includes(preferred as 'en') ? preferred : 'en',
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
})
i18next.on('languageChanged', (language) => localStorage.setItem(LANGUAGE_KEY, language))
