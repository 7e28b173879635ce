import type { NativePackage } from './natives.ts'

/** What one image holds: nothing that is not listed here. */
export interface Contents {
  /** For those who look at it in a registry. */
  readonly description: string
  /** Packages with compiled parts, which no bundle can hold. */
  readonly natives: readonly NativePackage[]
  /** Files of the repository that it reads while it runs, by pattern. */
  readonly files: readonly string[]
  /** The dashboard, built. */
  readonly dashboard?: boolean
}

/** By the names of `deploy/images.json`; `entries/NAME.ts` is what the container starts. */
export const images = {
  functions: {
    description: 'The functions without native parts, and the Jobs that prepare database, topics and buckets',
    natives: [],
    files: ['migrations/*.sql'],
  },
  'frame-grabber': {
    description: 'The functions that read cameras and pictures',
    natives: ['node-av'],
    files: [],
  },
  detect: {
    description: 'The functions that run detectors, on the CPU, with the base detector',
    natives: ['node-av', 'onnxruntime-node'],
    files: ['detector/model.onnx', 'detector/model.json', 'detector/MODEL_CARD.md', 'migrations/*.sql'],
  },
  trainer: {
    description: 'The trainer of a detector’s last layers',
    natives: ['node-av', 'onnxruntime-node'],
    files: [],
  },
  api: {
    description: 'The GraphQL API, the live pictures and the dashboard',
    natives: ['node-av', 'onnxruntime-node'],
    files: ['migrations/*.sql'],
    dashboard: true,
  },
} as const satisfies Record<string, Contents>

export type ImageName = keyof typeof images

/** Of the image's user, who owns nothing in it. */
export const USER = 10001
