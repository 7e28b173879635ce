import i18next from 'i18next'

/** A number as the language of the page writes it. @param digits after the point, as many in each. */
export function numberText(value: number, digits = 0, language: string | undefined = i18next.language): string {
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** @param figures that tell something, at most. */
export function figuresText(value: number, figures: number): string {
  return value.toLocaleString(i18next.language, { maximumSignificantDigits: figures })
}
