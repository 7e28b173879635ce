import type { i18n } from 'i18next'
import { numberText } from './numbers.ts'

/** How texts write numbers, such as `{{share, percent}}`, in the language of the page. The server has the same for English. */
export function addFormats({ services }: i18n): void {
  services.formatter!.add('percent', (share, language) => `${numberText(Number(share) * 100, 1, language)} %`)
  services.formatter!.add('whole', (share, language) => `${numberText(Number(share) * 100, 0, language)} %`)
  services.formatter!.add('fine', (value, language) => numberText(Number(value), 2, language))
}
