import { z } from 'zod'
import type { PortName } from '../../ports/ports.ts'
import { type Adapters, placeOf } from '../adapters.ts'
import {
  detectWorkers,
  gitBranch,
  gitRemote,
  gitTimeout,
  host,
  logLevel,
  names,
  port,
  sourceNetworks,
} from '../common-settings.ts'

/** The settings behind each port: what a function does not need is not asked for. */
const BY_PORT = {
  log: ['log'],
  database: ['databaseUrl'],
  objects: ['objects'],
  cameras: ['databaseUrl', 'secretKey', 'media'],
  video: ['sourceNetworks'],
  model: ['model', 'names', 'detectWorkers'],
  models: ['objects'],
  pictures: [],
  trainer: [],
  repository: ['gitRemote', 'gitBranch', 'gitTimeout'],
  memory: [],
  clock: [],
} as const satisfies Record<PortName, readonly (keyof ReturnType<typeof makersOf>)[]>

const ALWAYS = ['logLevel', 'host', 'probePort', 'graceSeconds', 'log'] as const

/** How each is made. */
function makersOf(adapters: Adapters) {
  return {
    logLevel: () => logLevel().default('info'),
    host,
    /** Of `/livez`, `/readyz` and `/metrics`; any free one without it. */
    probePort: () => port().default(0),
    /** How long a stop may take: less than the `terminationGracePeriodSeconds` of its pod. */
    graceSeconds: () => z.number().positive('graceSeconds is above 0').default(25),
    log: () => placeOf('log', adapters),
    databaseUrl: () => placeOf('databaseUrl', adapters),
    objects: () => placeOf('objects', adapters),
    media: () => placeOf('media', adapters).optional(),
    secretKey: () => z.string('give the 32 bytes in base64 that seal the cameras’ credentials'),
    sourceNetworks,
    model: () => z.string('give the path of an ONNX detector, or the digest of one in the object store'),
    names,
    detectWorkers,
    gitRemote,
    gitBranch,
    gitTimeout,
  }
}

type Makers = ReturnType<typeof makersOf>

/** Whole in its type; holds what the function's ports need. */
export type AloneSettings = { [Key in keyof Makers]: z.infer<ReturnType<Makers[Key]>> }

/** What a function that needs these ports has to be told. */
export function settingsFor(needs: readonly PortName[], adapters: Adapters): z.ZodObject {
  const makers = makersOf(adapters)
  const keys = new Set([...ALWAYS, ...needs.flatMap((need) => BY_PORT[need])])
  const asked: Record<string, z.ZodType> = Object.fromEntries([...keys].map((key) => [key, makers[key]()]))
  // A model that is named by its digest comes from there; one that is a file does not.
  if (needs.includes('model')) asked.objects ??= makers.objects().optional()
  return z.object(asked)
}
