import { z } from 'zod'
import { adapters, placeOf } from '../adapters.ts'
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

/** What `npm start` can be told: each as a flag and as `SENTINEL_<NAME>`. */
export const Settings = z.object({
  host: host(),
  port: port().default(4100),
  dataDir: z.string().default('.sentinel'),
  /** A catalogue file, `demo` for the built-in city, or `none`. Unset, a start without any camera takes the city. */
  cameras: z.string().optional(),
  /** An ONNX detector's path or digest, or `none`; the built-in one without it. */
  model: z.string().optional(),
  names: names(),
  /** Frames a second for cameras that say nothing else. */
  fps: z.number().positive('fps must be above 0').max(60, 'fps is at most 60').default(5),
  /** 32 bytes in base64 that seal camera credentials; made on the first start without it. */
  secretKey: z.string().optional(),
  /** Further names under which the server may be addressed. */
  hostNames: z.array(z.string()).default([]),
  /** MapLibre style that the map of the dashboard is drawn in; the built-in one, which needs no other server, without it. */
  mapStyle: z
    .url({ protocol: /^https?$/, error: 'it is the http or https URL of a MapLibre style, or unset' })
    .refine(
      (url) => URL.parse(url)?.username === '',
      'its user name and password would be shown to every viewer; use a key in the address',
    )
    .optional(),
  sourceNetworks: sourceNetworks(),
  detectWorkers: detectWorkers(),
  retentionDetectionsDays: z.number().int().min(1).default(7),
  retentionEventsDays: z.number().int().min(1).default(30),
  /** Since an item of the review queue was requested or judged; its picture goes with it. */
  retentionTriageDays: z.number().int().min(1).default(30),
  /** Which functions run in this process: `all`, `none`, or their names; the others run elsewhere on the same log. */
  functions: z.array(z.string()).default(['all']),
  /** Without it the deployment’s repository stays here. */
  gitRemote: gitRemote().optional(),
  gitBranch: gitBranch(),
  gitTimeout: gitTimeout(),
  /** In place of the embedded ones. */
  log: placeOf('log', adapters).optional(),
  databaseUrl: placeOf('databaseUrl', adapters).optional(),
  /** A standby of the database, which the API reads history from; it may be a moment behind. */
  databaseReplica: placeOf('databaseUrl', adapters).optional(),
  objects: placeOf('objects', adapters).optional(),
  /** The media server that takes the cameras' streams; Sentinel reads from it, and tells it which there are. */
  media: placeOf('media', adapters).optional(),
  logLevel: logLevel().default('warn'),
})
export type Settings = z.infer<typeof Settings>
