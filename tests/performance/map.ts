import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import type { Database } from '../../platform/ports/database.ts'
import { launchBrowser } from '../support/browser.ts'
import { ask, type Started, startSentinel } from '../support/sentinel.ts'
import { type Benchmark, type Figures, quantile } from './figures.ts'

const CAMERAS = 5000
/** Cameras that somebody changes meanwhile, a second. */
const CHANGES = 20
const WINDOW = { width: 1440, height: 900 }
/** Shaders are compiled without a graphics card. */
const DRAWN_WITHIN_MS = 180_000
const PAN_STEPS = 90
const ZOOM_STEPS = 60
/** About as often as a hand moves. */
const STEP_MS = 33

/** The map while it is panned and zoomed: the time from frame to frame, and what the page's own work takes of it. */
export const map: Benchmark = {
  about: `${CAMERAS} cameras on the map of Chromium, panned and zoomed, with one, with all, and while ${CHANGES} a second change`,
  async run(say, { count = CAMERAS }) {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-map-'))
    await chmod(folder, 0o755)
    const postgres = await startPostgres({ directory: folder })
    const { database, close } = openDatabase(postgres.url)
    const args = ['--data-dir', join(folder, 'data'), '--cameras', 'none', '--model', 'none', '--port', '0']
    const sentinel = await startSentinel(args, { DATABASE_URL: postgres.url })
    const browser = await launchBrowser({ webgl: true })
    try {
      // Without any there is no map.
      await addCameras(database, 0, 1)
      const one = await looked(browser, sentinel, say)
      await addCameras(database, 1, count)
      const full = await looked(browser, sentinel, say)
      const busy = await whileChanging(sentinel, count, say, () => looked(browser, sentinel, say))
      return { ...named('one', one), ...full, ...named('busy', busy) }
    } finally {
      await browser.close()
      await sentinel.stop()
      await close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

function named(when: string, figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`${when}${name[0]!.toUpperCase()}${name.slice(1)}`, value]),
  )
}

/** A third of them in one city, the others all over a continent. */
async function addCameras(database: Database, from: number, to: number): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, i) => {
    const n = from + i
    const isInCity = n % 3 === 0
    const [a, b] = [((n * 7919) % 1000) / 1000, ((n * 104_729) % 1000) / 1000]
    return {
      id: `camera-${n}`,
      name: `Camera ${n}`,
      source: 'rtsp://h/1',
      enabled: false,
      heading: n % 360,
      latitude: isInCity ? 39.6 + a * 0.3 : 30 + a * 17,
      longitude: isInCity ? -105.1 + b * 0.4 : -122 + b * 48,
    }
  })
  for (let at = 0; at < rows.length; at += 1000)
    await database
      .insertInto('cameras')
      .values(rows.slice(at, at + 1000))
      .execute()
}

async function whileChanging<T>(
  sentinel: Started,
  count: number,
  say: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const changing = (async () => {
    const query =
      'mutation ($id: ID!, $heading: Float) { updateCamera(input: { id: $id, heading: $heading }) { errors { code } } }'
    for (let n = 0; !end.signal.aborted; n++) {
      // A socket that the server has just closed for its idleness loses one of them, which is no matter here.
      await ask(sentinel, query, { id: `camera-${(n * 37) % count}`, heading: n % 360 }).catch(() =>
        say('A change was lost'),
      )
      await delay(1000 / CHANGES)
    }
  })()
  try {
    return await work()
  } finally {
    end.abort()
    await changing
  }
}

async function looked(browser: Browser, { origin, token }: Started, say: (text: string) => void): Promise<Figures> {
  const page = await browser.newPage({ viewport: WINDOW, locale: 'en', reducedMotion: 'reduce', bypassCSP: true })
  try {
    await page.goto(`${origin}/map?at=39,-100,4&token=${token}`)
    await page.getByRole('region', { name: 'Map' }).waitFor({ timeout: DRAWN_WITHIN_MS })
    await page.waitForURL('**/map?at=*', { timeout: DRAWN_WITHIN_MS })
    // Until nothing is drawn anew, so that no shader is compiled while it is measured.
    await gestures(page, 6)
    say(`Drawn by ${await page.evaluate<string>(RENDERER)}`)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable')
    const pan = await measured(page, devtools, () => panned(page, PAN_STEPS))
    const zoom = await measured(page, devtools, () => zoomed(page, ZOOM_STEPS))
    const figures = { ...named('pan', pan), ...named('zoom', zoom) }
    say(
      Object.entries(figures)
        .map(([name, value]) => `${name} ${value.toFixed(1)}`)
        .join(', '),
    )
    return figures
  } finally {
    await page.close()
  }
}

async function gestures(page: Page, steps: number): Promise<void> {
  await panned(page, steps)
  await zoomed(page, steps)
  await delay(2000)
}

/** To and fro, so that it ends where it began. */
async function panned(page: Page, steps: number): Promise<void> {
  const [x, y] = [WINDOW.width / 2, WINDOW.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 0; step <= steps; step++) {
    const turn = (step / steps) * 2 * Math.PI
    await page.mouse.move(x + 250 * Math.sin(turn), y + 120 * (1 - Math.cos(turn)))
    await delay(STEP_MS)
  }
  await page.mouse.up()
}

/** In upon a city with the first half, out with the second. */
async function zoomed(page: Page, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await page.mouse.wheel(0, step < steps / 2 ? -160 : 160)
    await delay(STEP_MS * 2)
  }
}

async function measured(page: Page, devtools: CDPSession, work: () => Promise<void>): Promise<Figures> {
  await page.evaluate(RECORD)
  const before = await worked(devtools)
  await work()
  const after = await worked(devtools)
  const { frames, longTasks } = await page.evaluate<Recorded>('window.__frames.stop()')
  return {
    p50FrameMs: quantile(frames, 0.5),
    p95FrameMs: quantile(frames, 0.95),
    pageMsPerFrame: (after.taskMs - before.taskMs) / frames.length,
    pageCpuMsPerFrame: (after.cpuMs - before.cpuMs) / frames.length,
    longTasks: longTasks.length,
    longestTaskMs: Math.max(0, ...longTasks),
  }
}

/** What the main thread of the page has worked so far, by the clock and in processor time; not the drawing in other threads. */
async function worked(devtools: CDPSession): Promise<{ readonly taskMs: number; readonly cpuMs: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const ms = (wanted: string): number => metrics.find(({ name }) => name === wanted)!.value * 1000
  return { taskMs: ms('TaskDuration'), cpuMs: ms('ThreadTime') }
}

interface Recorded {
  /** From one frame to the next, ms. */
  readonly frames: readonly number[]
  /** Those of 50 ms and more. */
  readonly longTasks: readonly number[]
}

const RECORD = `
  window.__frames = (() => {
    const [frames, longTasks] = [[], []]
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration)
    })
    observer.observe({ type: 'longtask' })
    let last = performance.now()
    let next = requestAnimationFrame(function frame(now) {
      frames.push(now - last)
      last = now
      next = requestAnimationFrame(frame)
    })
    return {
      stop() {
        cancelAnimationFrame(next)
        observer.disconnect()
        return { frames, longTasks }
      },
    }
  })()
  0`

const RENDERER = `(() => {
  const gl = document.createElement('canvas').getContext('webgl2')
  return gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL)
})()`
