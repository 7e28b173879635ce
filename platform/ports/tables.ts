import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Schedule } from '../cameras/schedule.ts'
import type { Told } from '../errors.ts'
import type { Light, RULES } from '../events/annotation.ts'
import type { Box, FrameDetection, LabelledBox } from '../events/frame.ts'
import type { Comparison, Gate } from '../events/model.ts'
import type { Recipe, TrainingMetrics, TrainingProgress } from '../events/training.ts'

/** The tables of `migrations/`, as the query builder sees them. */
export interface Tables {
  cameras: CamerasTable
  outbox: OutboxTable
  zones: ZonesTable
  models: ModelsTable
  detections: DetectionsTable
  kept_frames: KeptFramesTable
  events: EventsTable
  tracks: TracksTable
  triage_items: TriageItemsTable
  verdicts: VerdictsTable
  triage_budget: TriageBudgetTable
  triage_claims: TriageClaimsTable
  annotations: AnnotationsTable
  training_runs: TrainingRunsTable
  model_lineage: ModelLineageTable
  model_evaluations: ModelEvaluationsTable
  shadow_frames: ShadowFramesTable
  rollouts: RolloutsTable
  gold_items: GoldItemsTable
  gold_scores: GoldScoresTable
}

type WithDefault<T> = ColumnType<T, T | undefined, T>

export interface CamerasTable {
  id: string
  name: string
  latitude: number | null
  longitude: number | null
  heading: number | null
  source: string
  sealed_source: Buffer | null
  loop: WithDefault<boolean>
  enabled: WithDefault<boolean>
  fps: number | null
  /** When it is watched; null for always. */
  schedule: ColumnType<Schedule | null, Schedule | null | undefined, Schedule | null>
  origin: string | null
  origin_id: string | null
  state: WithDefault<'unknown' | 'online' | 'offline'>
  state_reason: string | null
  state_detail: string | null
  state_at: Date | null
  width: number | null
  height: number | null
  source_fps: number | null
  codec: string | null
  revision: WithDefault<number>
  created_at: WithDefault<Date>
  updated_at: WithDefault<Date>
}

export interface ZonesTable {
  id: string
  camera_id: string
  name: string
  kind: 'area' | 'line'
  points: JSONColumnType<[x: number, y: number][]>
  created_at: WithDefault<Date>
  updated_at: WithDefault<Date>
}

export interface OutboxTable {
  sequence: Generated<string>
  topic: string
  key: string | null
  headers: JSONColumnType<Record<string, string>>
  value: Buffer | null
}

export interface ModelsTable {
  digest: string
  name: string
  family: string
  classes: string[]
  input_width: number
  input_height: number
  registered_at: WithDefault<Date>
}

export interface DetectionsTable {
  captured_at: Date
  frame_id: string
  event_id: string
  camera_id: string
  detected_at: Date
  capture_clock: string
  width: number
  height: number
  model_digest: string
  model_name: string
  boxes: JSONColumnType<Box[]>
  timings: JSONColumnType<FrameDetection['timings']>
}

export interface KeptFramesTable {
  camera_id: string
  /** Written as text: a Date would lose the microseconds. */
  captured_at: ColumnType<Date, string, never>
  frame_id: string
  kept_at: Date
}

export interface EventsTable {
  time: Date
  id: string
  type: string
  camera_id: string | null
  subject: string
  class: string | null
  score: number | null
  data: JSONColumnType<Record<string, unknown>>
  stored_at: WithDefault<Date>
}

export interface TracksTable {
  camera_id: string
  track_id: string
  first_seen: Date
  class: string
}

export interface TriageItemsTable {
  id: string
  camera_id: string
  frame_id: string
  captured_at: Date
  requested_at: Date
  reason: string
  uncertainty: number
  detail: string
  detail_told: ToldColumn
  width: number
  height: number
  model_digest: string
  model_name: string
  boxes: JSONColumnType<Box[]>
  image: string
  status: WithDefault<'open' | 'confirmed' | 'corrected' | 'rejected' | 'skipped'>
}

export interface VerdictsTable {
  id: string
  item_id: string
  verdict: 'confirm' | 'correct' | 'reject' | 'skip'
  boxes: JSONColumnType<LabelledBox[]>
  note: string | null
  recorded_by: string
  recorded_at: WithDefault<Date>
  withdrawn_at: Date | null
}

export interface TriageBudgetTable {
  camera_id: string
  hour: Date
  used: number
  last_frame: string | null
}

export interface AnnotationsTable {
  verdict_id: string
  item_id: string
  camera_id: string
  frame_id: string
  captured_at: Date
  width: number
  height: number
  light: Light
  image: string
  verdict: 'confirm' | 'correct'
  before: JSONColumnType<Box[]>
  boxes: JSONColumnType<LabelledBox[]>
  model_digest: string
  model_name: string
  annotator: string
  recorded_at: Date
  withdrawn_at: Date | null
  withdrawn_by: string | null
  stands: WithDefault<boolean>
  rule: (typeof RULES)[number] | null
  agreed_by: WithDefault<string[]>
}

/** The text beside it for who words it in another language; null where nobody has named what it says. */
type ToldColumn = JSONColumnType<readonly Told[] | null, string | null | undefined, string | null>

export interface TrainingRunsTable {
  id: string
  dataset: string
  parent: string
  recipe: JSONColumnType<Recipe>
  verdicts: string[]
  reason: string
  reason_told: ToldColumn
  requested_by: string
  requested_at: Date
  state: WithDefault<'requested' | 'running' | 'completed' | 'failed' | 'cancelled'>
  started_at: WithDefault<Date | null>
  finished_at: WithDefault<Date | null>
  progress: JSONColumnType<TrainingProgress | null, string | null | undefined, string | null>
  curve: JSONColumnType<TrainingProgress[], string | undefined, string>
  metrics: JSONColumnType<TrainingMetrics | null, string | null | undefined, string | null>
  model: WithDefault<string | null>
  failure: WithDefault<string | null>
  failure_told: ToldColumn
  cancel_by: WithDefault<string | null>
  attempt: WithDefault<number>
  taken_along: WithDefault<boolean>
}

export interface ModelLineageTable {
  digest: string
  parent: string
  dataset: string
  run: string
  recipe: JSONColumnType<Recipe>
  metrics: JSONColumnType<TrainingMetrics>
  seconds: number
  machine: string
  made_at: Date
}

export interface ModelEvaluationsTable {
  digest: string
  running: string
  cause: string
  state: 'comparing' | 'shadowing' | 'passed' | 'failed' | 'cancelled'
  done: WithDefault<number>
  total: WithDefault<number>
  reason: WithDefault<string | null>
  reason_told: ToldColumn
  gates: JSONColumnType<Gate[], string | undefined, string>
  comparisons: JSONColumnType<Comparison[], string | undefined, string>
  held_out: WithDefault<number>
  reference: WithDefault<number>
  live: WithDefault<number>
  started_at: Date
  shadowing_at: WithDefault<Date | null>
  finished_at: WithDefault<Date | null>
  cancel_by: WithDefault<string | null>
}

export interface ShadowFramesTable {
  digest: string
  frame_id: string
  running: string
  camera_id: string
  captured_at: Date
  width: number
  height: number
  agreement: number
  candidate_boxes: JSONColumnType<Box[]>
  running_boxes: JSONColumnType<Box[]>
  infer_ms: number
  image: string | null
  better: WithDefault<'candidate' | 'running' | 'neither' | null>
  judged_by: WithDefault<string | null>
  judged_at: WithDefault<Date | null>
}

export interface RolloutsTable {
  sequence: Generated<string>
  id: string
  commit: string
  kind: 'start' | 'canary' | 'promote' | 'rollback' | 'change'
  model: string
  canary: string | null
  share: number
  subject: string
  previous: string | null
  by: string
  reason: string
  reason_told: ToldColumn
  committed_at: Date
  applied_at: WithDefault<Date | null>
  failure: WithDefault<string | null>
  failure_told: ToldColumn
}

export interface GoldItemsTable {
  item_id: string
  boxes: JSONColumnType<LabelledBox[]>
  added_by: string
  added_at: Date
}

export interface GoldScoresTable {
  verdict_id: string
  item_id: string
  annotator: string
  precision: number
  recall: number
  overlap: number | null
  scored_at: Date
}

export interface TriageClaimsTable {
  item_id: string
  session: string
  until: Date
}
