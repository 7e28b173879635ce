import type { Box } from '../../platform/events/frame.ts'
import { jpegImage } from '../../platform/events/image.ts'
import type { Clock } from '../../platform/ports/clock.ts'
import type { Model } from '../../platform/ports/model.ts'
import { type Exhibit, isGone } from './material.ts'

/** What both models saw in a picture. */
export interface Look {
  readonly exhibit: Exhibit
  readonly candidate: readonly Box[]
  readonly running: readonly Box[]
  /** Milliseconds that each took: preparation, inference and decoding. */
  readonly candidateMs: number
  readonly runningMs: number
}

export interface LookOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Of one core's time, 0..1. */
  readonly share: number
  /** Told after each picture; may end the work by throwing. */
  readonly onLook: (done: number) => Promise<void>
}

/**
 * Lets both models look at every picture in turn, one after the other: what disturbs the machine disturbs both. Rests after each
 * picture, so that live detection keeps its time.
 */
export async function lookAt(
  exhibits: readonly Exhibit[],
  candidate: Model,
  running: Model,
  { clock, signal, share, onLook }: LookOptions,
): Promise<Look[]> {
  const looks: Look[] = []
  for (const [done, exhibit] of exhibits.entries()) {
    signal.throwIfAborted()
    const started = clock.now()
    const look = await lookOnce(exhibit, candidate, running)
    if (look) looks.push(look)
    await clock.sleep((clock.now() - started) * (1 / share - 1), signal)
    await onLook(done + 1)
  }
  return looks
}

async function lookOnce(exhibit: Exhibit, candidate: Model, running: Model): Promise<Look | undefined> {
  try {
    const image = jpegImage(await exhibit.read(), exhibit.width, exhibit.height)
    const [a, b] = [await candidate.detect(image), await running.detect(image)]
    return {
      exhibit,
      candidate: a.boxes,
      running: b.boxes,
      candidateMs: total(a.timings),
      runningMs: total(b.timings),
    }
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function total({ prepareMs, inferMs, decodeMs }: Awaited<ReturnType<Model['detect']>>['timings']): number {
  return prepareMs + inferMs + decodeMs
}
