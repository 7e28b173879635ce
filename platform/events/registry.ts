import { AnnotationRecorded, AnnotationRemoved } from './annotation.ts'
import { CameraChanged, CameraOffline, CameraOnline, CameraWatch, ZoneChanged } from './camera.ts'
import type { EventDefinition } from './event.ts'
import { FrameCaptured, FrameDetected } from './frame.ts'
import { FrameShadowed, ModelEvaluated, ModelJudged, ModelPromoted, ModelRegistered, ModelRolledBack } from './model.ts'
import type { TopicName } from './topics.ts'
import {
  TrainingCompleted,
  TrainingFailed,
  TrainingProgressed,
  TrainingRequested,
  TrainingStarted,
} from './training.ts'
import { ReviewRequested, ReviewResolved, VerdictRecorded, VerdictWithdrawn } from './triage.ts'

// biome-ignore lint/suspicious/noExplicitAny: a definition is invariant in its data, and this list holds all of them
const definitions: readonly EventDefinition<string, any>[] = [
  CameraWatch,
  CameraChanged,
  CameraOnline,
  CameraOffline,
  ZoneChanged,
  FrameCaptured,
  FrameDetected,
  ReviewRequested,
  ReviewResolved,
  VerdictRecorded,
  VerdictWithdrawn,
  AnnotationRecorded,
  AnnotationRemoved,
  TrainingRequested,
  TrainingStarted,
  TrainingProgressed,
  TrainingCompleted,
  TrainingFailed,
  ModelRegistered,
  ModelEvaluated,
  ModelJudged,
  FrameShadowed,
  ModelPromoted,
  ModelRolledBack,
]

const byType = new Map(definitions.map((definition) => [definition.type, definition]))

/** The definition of a wire type, if this topic is where it travels. */
export function definitionOn(topic: TopicName, type: string): EventDefinition | undefined {
  const definition = byType.get(type)
  return definition?.topic === topic ? definition : undefined
}

/** The topic on which a wire type travels. */
export function topicOf(type: string): TopicName | undefined {
  return byType.get(type)?.topic
}
