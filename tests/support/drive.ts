import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'
import { defer } from './defer.ts'
import { detect } from './detections.ts'
import { STREET, streets } from './street.ts'

const PLACES = [60, 300, 140, 460, 220, 380]

/** Sends ten pictures a second of a square that jumps about, its box around it, until the test ends. */
export async function drive(t: TestContext, { log }: Api, cameras: readonly string[]): Promise<void> {
  const { width, height, side } = STREET
  const jpegs = await streets(PLACES)
  const { promise: isOver, resolve: stop } = Promise.withResolvers<void>()
  const driving = (async () => {
    for (let n = 0, isRunning = true; isRunning; n = (n + 1) % PLACES.length) {
      const box: [number, number, number, number] = [PLACES[n]! / width, 150 / height, side / width, side / height]
      await Promise.all(cameras.map((camera) => detect(log, camera, { jpeg: jpegs[n]!, box })))
      isRunning = await Promise.race([isOver.then(() => false), sleep(100, true)])
    }
  })()
  defer(t, async () => {
    stop()
    await driving
  })
}
