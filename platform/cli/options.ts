import { InvalidArgumentError } from 'commander'

/** @throws InvalidArgumentError */
export function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('This is not a number.')
  return value
}

/** @throws InvalidArgumentError */
export function positive(text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new InvalidArgumentError('It is a number above 0.')
}
