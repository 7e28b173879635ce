import { z } from 'zod'
import type { PortName } from '../../ports/ports.ts'
import { type Adapters, placeOf } from '../adapters.ts'
import { Settings } from '../local/settings.ts'

const { host, names, detectWorkers, sourceNetworks, gitRemote, gitBranch, gitTimeout } = Settings.shape

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
} as const satisfies Record<PortName, readonly string[]>

const ALWAYS = ['logLevel', 'host', 'probePort', 'graceSeconds'] as const

function allSettings(adapters: Adapters) {
  return z.object({
    logLevel: Settings.shape.logLevel.unwrap().default('info'),
    host,
    /** Of `/livez`, `/readyz` and `/metrics`; any free one without it. */
    probePort: Settings.shape.port.unwrap().default(0),
    /** How long a stop may take: less than the `terminationGracePeriodSeconds` of its pod. */
    graceSeconds: z.number().positive('graceSeconds is above 0').default(25),
    log: placeOf('log', adapters),
    databaseUrl: placeOf('databaseUrl', adapters),
    objects: placeOf('objects', adapters),
    media: placeOf('media', adapters).optional(),
    secretKey: z.string('give the 32 bytes in base64 that seal the cameras’ credentials'),
    sourceNetworks,
    model: z.string('give the path of an ONNX detector, or the digest of one in the object store'),
    names,
    detectWorkers,
    gitRemote: gitRemote.unwrap(),
    gitBranch,
    gitTimeout,
  })
}

/** Whole in its type; holds what the function's ports need. */
export type AloneSettings = z.infer<ReturnType<typeof allSettings>>

/** What a function that needs these ports has to be told. */
export function settingsFor(needs: readonly PortName[], adapters: Adapters): z.ZodObject {
  const keys = [...ALWAYS, 'log', ...needs.flatMap((need) => BY_PORT[need])]
  const all = allSettings(adapters)
  const asked = all.pick(Object.fromEntries(keys.map((key) => [key, true])) as { log: true })
  // A model that is named by its digest comes from there; one that is a file does not.
  return needs.includes('model') && !needs.includes('objects')
    ? asked.extend({ objects: all.shape.objects.optional() })
    : asked
}
