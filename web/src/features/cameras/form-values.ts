import type { CameraValues } from './api/cameras.ts'

const NUMBERS = ['latitude', 'longitude', 'heading', 'fps'] as const
export type NumberField = (typeof NUMBERS)[number]

/** What a form holds, or which field is no number; decimal commas count. A source equal to `shown` was not touched. */
export function readForm(
  form: FormData,
  shown: string | undefined,
): { values: Omit<CameraValues, 'schedule'> } | { notANumber: NumberField } {
  const text = (name: string): string => String(form.get(name) ?? '').trim()
  const numbers: Record<string, number | null> = {}
  for (const name of NUMBERS) {
    const value = text(name).replace(',', '.')
    numbers[name] = value === '' ? null : Number(value)
    if (Number.isNaN(numbers[name])) return { notANumber: name }
  }
  const source = text('source')
  const values = {
    name: text('name'),
    enabled: form.get('enabled') === 'on',
    ...(numbers as Pick<CameraValues, NumberField>),
    ...(source !== shown && { source }),
  }
  return { values }
}
