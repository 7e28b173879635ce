import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { OpenDatabase } from '../adapters/database-postgres.ts'
import { FileObjects } from '../adapters/objects-files.ts'
import { variableOf } from '../env.ts'
import { messageOf, SentinelError } from '../errors.ts'
import type { Log } from '../ports/log.ts'
import type { MediaServer } from '../ports/media.ts'
import type { ObjectStore } from '../ports/objects.ts'

/** How a part is opened, by the scheme of the URL that says where it is. */
type Engines<T> = Readonly<Record<string, (url: string) => T | Promise<T>>>

export interface Adapters {
  readonly log: Engines<Log>
  readonly databaseUrl: Engines<OpenDatabase>
  readonly objects: Engines<ObjectStore>
  readonly media: Engines<MediaServer>
}

const openPostgres = async (url: string): Promise<OpenDatabase> =>
  (await import('../adapters/database-postgres.ts')).openDatabase(url)

/** The engines that other processes reach too, each loaded when it is opened. The embedded log is none: it lives inside one process. */
export const adapters: Adapters = {
  log: { kafka: async (url) => new (await import('../adapters/log-kafka/kafka-log.ts')).KafkaLog(url) },
  databaseUrl: { postgres: openPostgres, postgresql: openPostgres },
  objects: {
    file: (url) => FileObjects.open(fileURLToPath(url)),
    s3: async (url) => new (await import('../adapters/objects-s3.ts')).S3Objects(url),
  },
  media: { mediamtx: async (url) => new (await import('../adapters/media-mediamtx.ts')).MediaMtx(url) },
}

/** The setting that says where a part is: a URL of one of its engines. */
export function placeOf<Part extends keyof Adapters>(part: Part, { [part]: engines }: Adapters): z.ZodString {
  const known = Object.keys(engines).map((scheme) => `${scheme}://`)
  const advice = `give a URL that begins with ${known.join(' or ')}`
  return z.string(advice).refine((place) => schemeOf(place) in engines, advice)
}

/** @throws SentinelError `CONFIGURATION_INVALID` for a place that its engine cannot read, and what the engine throws. */
export async function openPlace<Part extends keyof Adapters>(
  part: Part,
  { [part]: engines }: Adapters,
  place: string,
): Promise<Awaited<ReturnType<Adapters[Part][string]>>> {
  try {
    return (await engines[schemeOf(place)]!(place)) as Awaited<ReturnType<Adapters[Part][string]>>
  } catch (cause) {
    if (cause instanceof SentinelError) throw cause
    const message = `${variableOf(part)} cannot be used: ${messageOf(cause)}. Correct or unset it.`
    throw new SentinelError('CONFIGURATION_INVALID', message, { cause })
  }
}

function schemeOf(place: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(place)?.[1]?.toLowerCase() ?? ''
}
