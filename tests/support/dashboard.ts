import assert from 'node:assert/strict'
import { after, before, type TestContext } from 'node:test'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { buildDashboard } from '../../platform/cli/dashboard.ts'
import { type Api, type ApiOptions, openApi, TOKEN } from './api.ts'
import { launchBrowser } from './browser.ts'
import { defer } from './defer.ts'

interface Dashboard {
  /** The API that serves the dashboard. */
  openApi(t: TestContext, options?: Pick<ApiOptions, 'video' | 'media' | 'mapStyle'>): Promise<Api>
  /** A page of it, signed in, that fails the test when a script of it fails. */
  open(t: TestContext, api: Pick<Api, 'server'>, path: string, options?: BrowserContextOptions): Promise<Page>
}

/** Builds the dashboard and starts a browser before the tests of a file; with software WebGL where they need it. */
export function prepareDashboard(options: { readonly webgl?: boolean } = {}): Dashboard {
  let folder: string
  let browser: Browser | undefined
  before(async () => {
    folder = await buildDashboard(() => {})
    browser = await launchBrowser(options)
  })
  after(() => browser?.close())
  return {
    openApi: (t, options) => openApi(t, { ...options, dashboard: folder }),
    async open(t, { server }, path, options) {
      const context = await browser!.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en', ...options })
      const errors: string[] = []
      defer(t, async () => {
        await context.close()
        assert.deepEqual(errors, [])
      })
      const page = await context.newPage()
      page.on('pageerror', ({ message }) => errors.push(message))
      await page.goto(`${server.url}${path}${path.includes('?') ? '&' : '?'}token=${TOKEN}`)
      return page
    },
  }
}

/** Those that depend on the colours. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] as const
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 AA on the page: each rule with the places it is broken at. @param rules these alone. */
export async function accessibilityProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source)
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: STANDARD }
  return page.evaluate(`axe
    .run(document, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })
    .then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ': ' + failureSummary)))`)
}
