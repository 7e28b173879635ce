import type { Browser } from 'playwright-core'

/** One picture, or several of one subject, of the documentation. */
export interface Picture {
  readonly name: string
  /** What is missing to make it; false when nothing is. */
  readonly needs: string | false
  /** @param place path in the folder of pictures for a file's name. */
  make(browser: Browser, place: (file: string) => string): Promise<void>
}

/** Quality of JPEG: text stays sharp. */
export const QUALITY = 82
