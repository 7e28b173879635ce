import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { builtIn } from '../../platform/hosts/local/built-in.ts'
import { startSentinel } from '../support/sentinel.ts'
import { type Picture, QUALITY } from './scene.ts'

/** The first seconds of a start are no picture of it; by then some pictures are kept to look back at, too. */
const SETTLE_MS = 45_000
const PAINTED_MS = 3000
const FIRST_CAMERA = '[data-camera] a'

/** What is in each picture: where it is, and how to get there. */
const VIEWS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  live: (page) => page.waitForTimeout(SETTLE_MS),
  focus: async (page) => {
    await page.locator(FIRST_CAMERA).nth(2).click()
    await page.getByRole('slider').press('Enter')
    await page.locator('[data-kept] img').waitFor()
  },
  events: async (page) => {
    await page.locator('[data-event]').nth(8).click()
    await page.getByRole('complementary').locator('img').waitFor()
  },
  triage: (page) => page.locator('[data-item]').waitFor(),
}

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
  for (const [view, arrive] of Object.entries(VIEWS)) {
    await page.goto(new URL(view === 'focus' ? '/live' : `/${view}`, url).href)
    await arrive(page)
    await page.waitForTimeout(PAINTED_MS)
    await page.screenshot({ path: place(`${view}.jpg`), type: 'jpeg', quality: QUALITY })
  }
  await page.close()
}
