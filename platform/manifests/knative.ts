import { createHash } from 'node:crypto'
import { Service } from '@kubernetes-models/knative/serving.knative.dev/v1/Service'
import { z } from 'zod'
import { LOG_ADDRESS } from './engines.ts'
import { type Plan, POLL_SECONDS } from './plan.ts'
import { containerOf, labelsOf, podOf } from './pod.ts'
import type { TrafficShare } from './refusals.ts'

/** Where events go that a function has refused for good, or that nobody took in `DELIVERY`. */
const DEAD_LETTERS = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'KafkaSink', name: 'dlq-events' } as const
const DELIVERY = { retry: 5, backoffPolicy: 'exponential', backoffDelay: 'PT1S' } as const

/** Of `sources.knative.dev/v1` in Knative's Kafka extension, which the typed packages leave out: what is used of it. */
const KafkaSource = z.strictObject({
  apiVersion: z.literal('sources.knative.dev/v1'),
  kind: z.literal('KafkaSource'),
  metadata: z.strictObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string().startsWith('autoscaling.eventing.knative.dev/'), z.string()),
  }),
  spec: z.strictObject({
    consumerGroup: z.string().min(1),
    bootstrapServers: z.array(z.string().regex(/^[^/]+:\d+$/)).min(1),
    topics: z.array(z.string()).min(1),
    initialOffset: z.literal('earliest'),
    ordering: z.enum(['ordered', 'unordered']),
    consumers: z.int().min(1),
    sink: z.strictObject({ ref: z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string() }) }),
    delivery: z.strictObject({
      deadLetterSink: z.strictObject({ ref: z.record(z.string(), z.string()) }),
      retry: z.int().min(0),
      backoffPolicy: z.enum(['linear', 'exponential']),
      backoffDelay: z.string(),
      timeout: z.string(),
    }),
  }),
})

/** A Knative Service that takes events over HTTP, and the source that brings them from the log, in order of their keys. */
export function servedByKnative(plan: Plan, image: string, shares: readonly TrafficShare[] | undefined): object[] {
  return [serviceOf(plan, image, shares), sourceOf(plan)]
}

function serviceOf(plan: Plan, image: string, shares: readonly TrafficShare[] | undefined): object {
  const { name } = plan
  const template = templateOf(plan, image)
  const revisionName = revisionOf(name, template)
  const traffic = shares?.map(({ revision, percent }) => ({ revisionName: revision, percent }))
  return new Service({
    metadata: { name, labels: { ...labelsOf(name), 'networking.knative.dev/visibility': 'cluster-local' } },
    spec: {
      template: { ...template, metadata: { ...template.metadata, name: revisionName } },
      traffic: traffic ?? [{ revisionName, percent: 100 }],
    },
  })
}

function templateOf(plan: Plan, image: string) {
  const { name, scale, parallel, grace } = plan
  const { serviceAccountName, automountServiceAccountToken, enableServiceLinks, volumes } = podOf(plan, image, [])
  return {
    metadata: {
      labels: labelsOf(name),
      annotations: {
        'autoscaling.knative.dev/min-scale': String(scale.min),
        'autoscaling.knative.dev/max-scale': String(scale.max),
        'autoscaling.knative.dev/scale-to-zero-pod-retention-period': `${scale.cooldown}s`,
      },
    },
    spec: {
      serviceAccountName,
      automountServiceAccountToken,
      enableServiceLinks,
      containerConcurrency: parallel,
      // Of a request, and at a stop of the Pod too.
      timeoutSeconds: grace,
      responseStartTimeoutSeconds: grace,
      containers: [containerOf(plan, image, ['--http'])],
      volumes,
    },
  }
}

/** A revision is named by what it is, so that the same commit always means the same revision. */
function revisionOf(name: string, template: object): string {
  return `${name}-${createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8)}`
}

function sourceOf({ name, topics, scale, grace }: Plan): object {
  return KafkaSource.parse({
    apiVersion: 'sources.knative.dev/v1',
    kind: 'KafkaSource',
    metadata: {
      name,
      labels: labelsOf(name),
      annotations: {
        'autoscaling.eventing.knative.dev/class': 'keda.autoscaling.knative.dev',
        'autoscaling.eventing.knative.dev/min-scale': String(scale.min),
        'autoscaling.eventing.knative.dev/max-scale': String(scale.max),
        'autoscaling.eventing.knative.dev/polling-interval': String(POLL_SECONDS),
        'autoscaling.eventing.knative.dev/cooldown-period': String(scale.cooldown),
        'autoscaling.eventing.knative.dev/lag-threshold': String(scale.lag),
      },
    },
    spec: {
      consumerGroup: name,
      bootstrapServers: [LOG_ADDRESS],
      topics,
      initialOffset: 'earliest',
      ordering: 'ordered',
      consumers: scale.max,
      sink: { ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name } },
      delivery: { deadLetterSink: { ref: DEAD_LETTERS }, ...DELIVERY, timeout: `PT${grace}S` },
    },
  })
}
