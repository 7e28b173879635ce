import { ScaledJob } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledJob'
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject'
import type { IScaleTriggers } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaleTriggers'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { LOG_ADDRESS } from './engines.ts'
import { type Plan, POLL_SECONDS } from './plan.ts'
import { labelsOf, podOf } from './pod.ts'

/** A replica fewer at most in so many seconds: each one that goes stops the whole consumer group for a moment. */
const SCALE_DOWN = { window: 300, step: 120 } as const
/** Looks at the log that fail before KEDA falls back to what it knows. */
const FAILURES = 3

/** A Deployment without replicas of its own, which KEDA scales on the group's lag, to zero where it may. */
export function deployedByLag(plan: Plan, image: string): object[] {
  const { name, scale } = plan
  const metadata = { name, labels: labelsOf(name) }
  const deployment = new Deployment({
    metadata,
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      // A new one first: its join moves partitions once, and nothing waits for a cold start.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels: labelsOf(name) }, spec: podOf(plan, image, []) },
    },
  })
  const scaled = new ScaledObject({
    metadata,
    spec: {
      scaleTargetRef: { name },
      pollingInterval: POLL_SECONDS,
      cooldownPeriod: scale.cooldown,
      minReplicaCount: scale.min,
      maxReplicaCount: scale.max,
      // A log that cannot be asked is no reason to stop anybody.
      fallback: { failureThreshold: FAILURES, replicas: Math.max(1, scale.min), behavior: 'currentReplicasIfHigher' },
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleDown: {
              stabilizationWindowSeconds: SCALE_DOWN.window,
              policies: [{ type: 'Pods', value: 1, periodSeconds: SCALE_DOWN.step }],
            },
          },
        },
      },
      triggers: triggersOf(plan),
    },
  })
  return [deployment, scaled, ...(scale.min > 0 ? [budgetOf(plan)] : [])]
}

/** A Job for each run that waits; one that works is never killed by a change of scale. */
export function startedByLag(plan: Plan, image: string): object[] {
  const { name, scale, pod } = plan
  const job = new ScaledJob({
    metadata: { name, labels: labelsOf(name) },
    spec: {
      pollingInterval: POLL_SECONDS,
      minReplicaCount: 0,
      maxReplicaCount: scale.max,
      successfulJobsHistoryLimit: 5,
      failedJobsHistoryLimit: 5,
      scalingStrategy: { strategy: 'default' },
      rollout: { strategy: 'gradual' },
      jobTargetRef: {
        parallelism: 1,
        completions: 1,
        backoffLimit: 2,
        activeDeadlineSeconds: pod.longestWork * 2,
        template: {
          metadata: { labels: labelsOf(name) },
          spec: { ...podOf(plan, image, ['--until-idle']), restartPolicy: 'Never' },
        },
      },
      triggers: triggersOf(plan),
    },
  })
  return [job]
}

/** The lag that wakes it is of what is not committed yet: work in flight counts. */
function triggersOf({ name, topics, scale }: Plan): IScaleTriggers[] {
  return topics.map((topic) => ({
    type: 'kafka',
    metadata: {
      bootstrapServers: LOG_ADDRESS,
      // Said, so that deploy/components/external-services can say otherwise.
      sasl: 'none',
      tls: 'disable',
      consumerGroup: name,
      topic,
      lagThreshold: String(scale.lag),
      activationLagThreshold: '0',
      // With `latest` a partition without an offset counts one for ever, and the last replica never goes.
      offsetResetPolicy: 'earliest',
      allowIdleConsumers: 'false',
    },
    authenticationRef: { name: 'kafka' },
  }))
}

function budgetOf({ name }: Plan): object {
  return new PodDisruptionBudget({
    metadata: { name, labels: labelsOf(name) },
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': name } } },
  })
}
