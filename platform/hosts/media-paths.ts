import type pg from 'pg'
import type { Sealing } from '../cameras/sealing.ts'
import { wholeSource } from '../cameras/sources.ts'
import type { Clock } from '../ports/clock.ts'
import type { MediaServer } from '../ports/media.ts'
import { leadWhile } from './leader.ts'

/** A media server that was started anew has no paths; so long its cameras stay dark. */
const LOOK_EVERY_MS = 5000

export interface MediaPathsOptions {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly sealing: Sealing
  readonly media: MediaServer
  readonly signal: AbortSignal
  readonly onError: (error: Error) => void
}

interface Row {
  readonly id: string
  readonly source: string
  readonly sealed_source: Buffer | null
}

/** Keeps the media server's paths equal to the cameras that are enabled; one process at a time. */
export function keepMediaPaths({ sealing, media, ...options }: MediaPathsOptions): Promise<void> {
  return leadWhile({ ...options, name: 'media' }, async (client, signal) => {
    while (!signal.aborted) {
      const { rows } = await client.query<Row>('SELECT id, source, sealed_source FROM cameras WHERE enabled')
      const sources = new Map(rows.map((row) => [row.id, wholeSource(row, sealing)]))
      await reconcile(media, sources).catch(options.onError)
      await options.clock.sleep(LOOK_EVERY_MS, signal)
    }
  })
}

/** A path that cannot be made keeps no other from being made: the first failure is thrown at the end. */
async function reconcile(media: MediaServer, sources: ReadonlyMap<string, string>): Promise<void> {
  const there = await media.paths()
  const wanted = [...sources].filter(([, source]) => media.takes(source))
  const changes = [
    ...wanted
      .filter(([id, source]) => there.get(id) !== source)
      .map(
        ([id, source]) =>
          () =>
            media.put(id, source),
      ),
    ...[...there.keys()].filter((id) => !sources.has(id)).map((id) => () => media.remove(id)),
  ]
  const failures: unknown[] = []
  for (const change of changes) await change().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
