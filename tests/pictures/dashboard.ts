import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { builtIn } from '../../platform/hosts/local/built-in.ts'
import { startSentinel } from '../support/sentinel.ts'
import { type Picture, QUALITY } from './scene.ts'

const SETTLE_MS = 12_000
const VIEWS = ['live', 'triage', 'events'] as const

/** The dashboard over the built-in city. */
export const dashboard: Picture = {
  name: 'the dashboard',
  needs: existsSync(builtIn.cameras) && existsSync(builtIn.model) ? false : 'needs the built-in city and its detector',
  async make(browser, place) {
    const data = await mkdtemp(join(tmpdir(), 'sentinel-pictures-'))
    const sentinel = await startSentinel(['--port', '0', '--data-dir', data])
    try {
      await takeAll(browser, sentinel.url, place)
    } finally {
      await sentinel.stop()
      await rm(data, { recursive: true })
    }
  },
}

async function takeAll(browser: Browser, url: string, place: (file: string) => string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  await page.goto(url)
  for (const view of VIEWS) {
    await page.goto(new URL(`/${view}`, url).href)
    await page.waitForTimeout(SETTLE_MS)
    await page.screenshot({ path: place(`${view}.jpg`), type: 'jpeg', quality: QUALITY })
  }
  await page.close()
}
