const KEY = 'sentinel-name'
/** What the server takes for a name. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._'-]{0,39}$/u

/** Who sits before this browser, by their own word; empty where they did not say. */
export function personName(): string {
  return localStorage.getItem(KEY) ?? ''
}

/** What cannot be a name is left out, so that nothing is ever refused for it. */
export function nameIn(text: string): string {
  const name = text.normalize().trim().slice(0, 40).trim()
  return NAME.test(name) ? name : ''
}

export function rename(text: string): void {
  const name = nameIn(text)
  if (name === '') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, name)
}
