import type { Page } from 'playwright-core'

interface Place {
  readonly x: number
  readonly y: number
}

const STEPS = 4

/** One finger that goes down, moves and goes up again; Playwright's own only taps. In pixels of the window. */
export async function dragByTouch(page: Page, from: Place, to: Place): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', places: Place[]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: places })
  await touch('touchStart', [from])
  for (let step = 1; step <= STEPS; step++) {
    const share = step / STEPS
    await touch('touchMove', [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }])
  }
  await touch('touchEnd', [])
  await devtools.detach()
}
