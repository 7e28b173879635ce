import type { PortName } from '../ports/ports.ts'

/** Where the engines live, by the names that the manifests of this repository give them; overlays may point elsewhere. */
export const DATA_NAMESPACE = 'sentinel-data'
export const LOG_ADDRESS = `kafka.${DATA_NAMESPACE}.svc.cluster.local:9092`

/** A variable and the Secret that holds it under the same key. */
interface Variable {
  readonly name: string
  readonly secret: string
  readonly optional?: boolean
}

/** Whom a Pod must reach: Pods of `DATA_NAMESPACE` by their name, or `outside` the cluster. */
interface Edge {
  readonly to: string
  readonly ports: readonly number[]
}

interface Engine {
  readonly variables: readonly Variable[]
  readonly edges: readonly Edge[]
}

const log: Engine = {
  variables: [{ name: 'SENTINEL_LOG', secret: 'sentinel-log' }],
  edges: [{ to: 'kafka', ports: [9092] }],
}
const database: Engine = {
  variables: [{ name: 'DATABASE_URL', secret: 'sentinel-database' }],
  edges: [{ to: 'postgresql', ports: [5432] }],
}
const objects: Engine = {
  variables: [{ name: 'SENTINEL_OBJECTS', secret: 'sentinel-objects' }],
  edges: [{ to: 'object-store', ports: [8333] }],
}
const cameras: Engine = {
  variables: [
    ...database.variables,
    { name: 'SENTINEL_SECRET_KEY', secret: 'sentinel-cameras' },
    { name: 'SENTINEL_MEDIA', secret: 'sentinel-media', optional: true },
  ],
  edges: [...database.edges, { to: 'mediamtx', ports: [8554, 9997] }],
}
const nothing: Engine = { variables: [], edges: [] }

/** What stands behind each port in a cluster. */
const ENGINES: Readonly<Record<PortName, Engine>> = {
  log,
  database,
  objects,
  cameras,
  video: { variables: [], edges: [{ to: 'outside', ports: [80, 443, 554, 8554] }] },
  // A model is named by its digest and comes from the object store.
  model: objects,
  models: objects,
  repository: {
    variables: [{ name: 'SENTINEL_GIT_REMOTE', secret: 'sentinel-git' }],
    edges: [{ to: 'outside', ports: [443] }],
  },
  pictures: nothing,
  trainer: nothing,
  memory: nothing,
  clock: nothing,
}

/** Each once, the log always: outputs go there. */
export function variablesOf(needs: readonly PortName[]): Variable[] {
  const all = ['log' as const, ...needs].flatMap((need) => ENGINES[need].variables)
  return [...new Map(all.map((variable) => [variable.name, variable])).values()]
}

/** Each target once, with all its ports. */
export function edgesOf(needs: readonly PortName[]): Edge[] {
  const all = ['log' as const, ...needs].flatMap((need) => ENGINES[need].edges)
  return [...Map.groupBy(all, ({ to }) => to)].map(([to, edges]) => ({
    to,
    ports: [...new Set(edges.flatMap(({ ports }) => ports))].sort((a, b) => a - b),
  }))
}
