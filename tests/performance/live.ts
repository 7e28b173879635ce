import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { treeOf } from '../support/processes.ts'
import type { Started } from '../support/sentinel.ts'
import { cpuOf, findFootage, startWith } from './cameras.ts'
import { type Benchmark, type Figures, quantile } from './figures.ts'

const SECONDS = 60
/** In the focus view. */
const FOCUS_SECONDS = 20
const WARM_UP_MS = 10_000
/** The page keeps its measurements for so long; each is read once. */
const WINDOW_MS = 5000

interface Window {
  readonly fps: number
  /** Capture to painted of each picture, ms. */
  readonly latencies: readonly number[]
  readonly skewFrames: number
  /** Of video, ms. */
  readonly boxAge?: number
}

/** The grid of a real browser, then one camera in focus: from the capture of a frame to its being painted, and what it takes. */
export const live: Benchmark = {
  about: `ten looped cameras on the grid of Chromium, ${SECONDS} s; then one of them in focus, ${FOCUS_SECONDS} s`,
  async run(say, { count = 10 }) {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-live-'))
    const sentinel = await startWith(await findFootage(say), count, folder)
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en' })
      await page.goto(`${sentinel.origin}/live?token=${sentinel.token}`)
      await page
        .locator('[data-camera]')
        .nth(count - 1)
        .waitFor()
      await delay(WARM_UP_MS)
      const grid = await measure(page, sentinel, SECONDS)
      await page.locator('[data-camera] a').first().click()
      await delay(WARM_UP_MS)
      const focus = await measure(page, sentinel, FOCUS_SECONDS)
      return { ...grid, ...inFocus(focus) }
    } finally {
      await browser.close()
      await sentinel.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

function inFocus(figures: Figures): Figures {
  const named = (name: string): string => `focus${name.charAt(0).toUpperCase()}${name.slice(1)}`
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [named(name), value]))
}

/** Latencies are those of all pictures of all tiles. */
async function measure(page: Page, sentinel: Started, seconds: number): Promise<Figures> {
  const server = treeOf(sentinel.child.pid!)
  const chromium = treeOf(process.pid).filter((pid) => pid !== process.pid && !server.includes(pid))
  const before = { server: cpuOf(server), browser: cpuOf(chromium), at: performance.now() }
  const windows: Window[] = []
  while (performance.now() - before.at < seconds * 1000) {
    await delay(WINDOW_MS)
    windows.push(...(await page.evaluate<Window[]>('Object.values(window.__sentinel.live.perCamera)')))
  }
  const elapsedMs = performance.now() - before.at
  const latencies = windows.flatMap((window) => window.latencies)
  const ages = windows.filter(({ fps }) => fps > 0).flatMap(({ boxAge }) => boxAge ?? [])
  return {
    p50CaptureToPaintMs: quantile(latencies, 0.5),
    p95CaptureToPaintMs: quantile(latencies, 0.95),
    p99CaptureToPaintMs: quantile(latencies, 0.99),
    maxSkewFrames: Math.max(...windows.map(({ skewFrames }) => skewFrames)),
    ...(ages.length > 0 && { p50BoxAgeMs: quantile(ages, 0.5) }),
    framesPerSecondPerTile: windows.reduce((sum, { fps }) => sum + fps, 0) / windows.length,
    serverCores: (cpuOf(server) - before.server) / elapsedMs,
    browserCores: (cpuOf(chromium) - before.browser) / elapsedMs,
  }
}
