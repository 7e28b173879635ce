import { z } from 'zod'
import { event } from './event.ts'
import { Box } from './frame.ts'
import { Told } from './told.ts'
import { Recipe, TrainingMetrics } from './training.ts'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)
const CommitId = z.string().regex(/^[0-9a-f]{40}$/)
const share = z.number().min(0).max(1)

/** What a model was made of. */
export const Lineage = z.object({
  run: z.string().min(1),
  dataset: z.string().min(1),
  recipe: Recipe,
  metrics: TrainingMetrics,
  seconds: z.number().min(0),
  machine: z.string().min(1),
})
export type Lineage = z.infer<typeof Lineage>

/** A detector that this instance never had before. The subject is its SHA-256. */
export const ModelRegistered = event('sentinel.model.registered.v1', 'events.models', () =>
  z.object({
    name: z.string().min(1),
    /** Decoder family, such as `yolox`. */
    family: z.string().min(1),
    classes: z.array(z.string()),
    /** Pixels. */
    inputWidth: z.int().positive(),
    inputHeight: z.int().positive(),
    /** Absent for a model that somebody brought. */
    lineage: Lineage.optional(),
  }),
)

export const GATE_STATES = ['passed', 'failed', 'unknown'] as const

/** One thing that a candidate must not be worse in. */
export const Gate = z.object({
  /** Such as `accuracy`, `class car`, `light night`, `agreement`, `latency`, `size`, `live agreement`, `people`. */
  name: z.string().min(1),
  /** `unknown`: there is too little to tell by. */
  state: z.enum(GATE_STATES),
  /** What was measured, and what it is held against; in the unit of the gate. */
  value: z.number().nullable(),
  limit: z.number().nullable(),
  /** In words, with the figures. */
  reason: z.string().min(1),
  /** The reason for who words it in another language. */
  told: z.array(Told).optional(),
})
export type Gate = z.infer<typeof Gate>

/** AP50 of both models on the same boxes, shares of 1; null where there is nothing to find. */
export const Comparison = z.object({
  /** `all`, or a class's or a light's name. */
  name: z.string().min(1),
  kind: z.enum(['all', 'class', 'light']),
  boxes: z.int().min(0),
  candidate: share.nullable(),
  running: share.nullable(),
})
export type Comparison = z.infer<typeof Comparison>

/** A candidate was held against the model that runs. The subject is the candidate's SHA-256. */
export const ModelEvaluated = event('sentinel.model.evaluated.v1', 'events.models', () =>
  z.object({
    name: z.string().min(1),
    /** What it was held against. */
    running: Digest,
    verdict: z.enum(['passed', 'failed']),
    /** In one sentence. */
    reason: z.string().min(1),
    /** The reason for who words it in another language. */
    told: z.array(Told).optional(),
    gates: z.array(Gate),
    comparisons: z.array(Comparison),
    /** Pictures certified by people that neither model learnt from. */
    heldOut: z.int().min(0),
    /** Earlier real pictures on which both should say much the same. */
    reference: z.int().min(0),
    /** Live frames that both looked at. */
    live: z.int().min(0),
    /** Whether it was taught here, and not brought by somebody. */
    isTrained: z.boolean(),
  }),
)
export type ModelEvaluation = z.infer<typeof ModelEvaluated.schema>

/** A person said which of two models is right in a frame that they disagree on. The subject is the candidate's SHA-256. */
export const ModelJudged = event('sentinel.model.judged.v1', 'events.models', () =>
  z.object({
    frameId: z.string().min(1),
    running: Digest,
    /** Null where the word was taken back. */
    better: z.enum(['candidate', 'running', 'neither']).nullable(),
    by: z.string().min(1),
  }),
)

/** A candidate looked at a live frame beside the running model. The subject is the camera. */
export const FrameShadowed = event('sentinel.frame.shadowed.v1', 'events.shadow', () =>
  z.object({
    frameId: z.string().min(1),
    candidate: Digest,
    running: Digest,
    /** Share of the confident boxes of either that the other has too. */
    agreement: share,
    candidateBoxes: z.array(Box),
    runningBoxes: z.array(Box),
    /** Of the candidate, milliseconds. */
    inferMs: z.number().min(0),
  }),
)

const Rollout = z.object({
  name: z.string().min(1),
  /** Of the deployment's repository. */
  commit: CommitId,
  by: z.string().min(1),
  reason: z.string().min(1),
})

/** A commit says that a model is to run. The subject is its SHA-256. */
export const ModelPromoted = event('sentinel.model.promoted.v1', 'events.models', () =>
  Rollout.extend({
    /** Of the cameras: below 1 it is a canary beside `previous`. */
    share,
    /** Null for the first one. */
    previous: Digest.nullable(),
  }),
)

/** A commit takes a model back. The subject is the SHA-256 of the one that was taken back. */
export const ModelRolledBack = event('sentinel.model.rolled-back.v1', 'events.models', () =>
  Rollout.extend({
    /** What runs instead. */
    to: Digest,
  }),
)
