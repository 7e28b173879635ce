import { lexicographicSortSchema, printSchema } from 'graphql'
import { builder } from './builder.ts'
import './schema/viewer.ts'
import './schema/camera.ts'
import './schema/camera-probe.ts'
import './schema/dashboard.ts'
import './schema/dataset.ts'
import './schema/detection.ts'
import './schema/dispute.ts'
import './schema/evaluation.ts'
import './schema/event.ts'
import './schema/gold.ts'
import './schema/health.ts'
import './schema/lineage.ts'
import './schema/model.ts'
import './schema/rollout.ts'
import './schema/timeline.ts'
import './schema/training.ts'
import './schema/triage.ts'
import './schema/trace.ts'
import './schema/triage-claims.ts'
import './schema/zone.ts'

export const schema = builder.toSchema()

/** As `schema.graphql` holds it. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}
