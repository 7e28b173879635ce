import type { TopicName } from '../events/topics.ts'
import type { FunctionDeclaration, PodOptions } from '../function.ts'

/** How often KEDA looks at the lag while nothing runs, seconds: what a cold start waits for on average is half of it. */
export const POLL_SECONDS = 5

const USUAL = {
  cores: [0.05, 1],
  memory: [160, 384],
  coldStart: 3,
  longestWork: 15,
} as const satisfies Required<PodOptions>

const USUAL_COOLDOWN = 60

/** A declaration with nothing left open, for those who write manifests. */
export interface Plan {
  readonly name: string
  readonly host: FunctionDeclaration['host']
  readonly needs: FunctionDeclaration['needs']
  /** It is the consumer group of its name on these. */
  readonly topics: readonly TopicName[]
  /** Types of events. */
  readonly takes: readonly string[]
  readonly emits: readonly string[]
  readonly scale: Required<FunctionDeclaration['scale']>
  readonly pod: Required<PodOptions>
  /** Deliveries at once in one replica, at most. */
  readonly parallel: number
  /** `terminationGracePeriodSeconds`; the process itself gives up `GRACE_MARGIN` earlier. */
  readonly grace: number
}

/** What a stop takes beyond the work in flight: readiness withdrawn, offsets committed, the group left. */
const STOP_SECONDS = 15
/** Between the end of a process's own patience and the kill. */
export const GRACE_MARGIN = 5

export function planOf({ name, host, needs, on, emits, scale, pod, delivery }: FunctionDeclaration): Plan {
  const needed = { ...USUAL, ...pod }
  return {
    name,
    host,
    needs,
    topics: [...new Set(on.map(({ topic }) => topic))],
    takes: on.map(({ type }) => type),
    emits: emits.map(({ type }) => type),
    scale: { cooldown: USUAL_COOLDOWN, ...scale },
    pod: needed,
    parallel: delivery?.parallel ?? 1,
    grace: needed.longestWork + STOP_SECONDS + GRACE_MARGIN,
  }
}
