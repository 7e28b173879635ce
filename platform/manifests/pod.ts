import type { IContainer } from 'kubernetes-models/v1/Container'
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec'
import type { PortName } from '../ports/ports.ts'
import { variablesOf } from './engines.ts'
import { GRACE_MARGIN, type Plan } from './plan.ts'

export const PORT = 8080
/** Made by `deploy/model`: a promotion is one commit there. */
const MODEL = 'sentinel-model'
/** Of the image's user. */
const USER = 10001
/** MiB of models and pictures that a Pod may keep in its temporary folder. */
const SCRATCH = 256

const MODEL_PORTS: readonly PortName[] = ['model', 'models', 'trainer']
const PICTURE_PORTS: readonly PortName[] = ['video', 'pictures']

/** Which image runs a function: those without native parts share the small one. */
export function imageNameOf({ host, needs }: Pick<Plan, 'host' | 'needs'>): string {
  if (host === 'job') return 'trainer'
  if (needs.some((need) => MODEL_PORTS.includes(need))) return 'detect'
  return needs.some((need) => PICTURE_PORTS.includes(need)) ? 'frame-grabber' : 'functions'
}

export function labelsOf(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'sentinel' }
}

/** One container that runs the function, under the restricted Pod security standard. */
export function podOf(plan: Plan, image: string, args: readonly string[]) {
  return {
    serviceAccountName: plan.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: plan.grace,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': plan.name } },
      },
    ],
    containers: [
      {
        ...containerOf(plan, image, args),
        startupProbe: { httpGet: { path: '/livez', port: PORT }, periodSeconds: 1, failureThreshold: 60 },
        livenessProbe: { httpGet: { path: '/livez', port: PORT }, periodSeconds: 10, timeoutSeconds: 5 },
      },
    ],
    volumes: [{ name: 'scratch', emptyDir: { sizeLimit: `${SCRATCH}Mi` } }],
  } satisfies IPodSpec
}

/** As Knative takes it too, which starts and watches its containers by readiness alone. */
export function containerOf(plan: Plan, image: string, args: readonly string[]): IContainer {
  const { pod, needs, grace } = plan
  const [cores, mostCores] = pod.cores
  const [memory, mostMemory] = pod.memory
  return {
    name: 'function',
    image,
    args: ['run', plan.name, ...args],
    ports: [{ name: 'http1', containerPort: PORT }],
    env: [
      { name: 'SENTINEL_HOST', value: '0.0.0.0' },
      { name: 'SENTINEL_PROBE_PORT', value: String(PORT) },
      { name: 'SENTINEL_GRACE_SECONDS', value: String(grace - GRACE_MARGIN) },
      ...variablesOf(needs).map(({ name, secret, optional }) => ({
        name,
        valueFrom: { secretKeyRef: { name: secret, key: name, ...(optional && { optional }) } },
      })),
    ],
    envFrom: [
      // Made in deploy/functions/NAME where something differs from the defaults; the hash in its name starts the Pods anew.
      { configMapRef: { name: `${plan.name}-settings`, optional: true } },
      ...(needs.includes('model') ? [{ configMapRef: { name: MODEL } }] : []),
    ],
    resources: {
      requests: { cpu: milli(cores), memory: `${memory}Mi` },
      limits: { cpu: milli(mostCores), memory: `${mostMemory}Mi` },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    readinessProbe: { httpGet: { path: '/readyz', port: PORT }, periodSeconds: 5, timeoutSeconds: 5 },
    volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
  }
}

function milli(cores: number): string {
  return `${Math.round(cores * 1000)}m`
}
