import { sql } from 'kysely'
import type { SentinelEvent } from '../../platform/events/event.ts'
import type { Box, FrameDetection } from '../../platform/events/frame.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import { type Direction, keptFrame, pictureOf } from '../frames.ts'
import type { Told } from '../live.ts'
import { type DetectionView, detectionColumns, detectionOf, detectionView } from '../views.ts'
import { CameraType, cameraOf } from './camera.ts'
import { ModelType, modelOf } from './model.ts'

export const BoxType = builder.objectRef<Box>('Box').implement({
  description: 'Shares of the picture, 0..1, from its top-left corner.',
  fields: (t) => ({
    class: t.exposeString('class'),
    score: t.exposeFloat('score'),
    trackId: t.id({ nullable: true, resolve: ({ trackId }) => trackId }),
    x: t.float({ resolve: ({ box }) => box[0] }),
    y: t.float({ resolve: ({ box }) => box[1] }),
    width: t.float({ resolve: ({ box }) => box[2] }),
    height: t.float({ resolve: ({ box }) => box[3] }),
  }),
})

const StageTimings = builder.objectRef<FrameDetection['timings']>('StageTimings').implement({
  description: 'Milliseconds of each stage.',
  fields: (t) => ({
    queueMs: t.exposeFloat('queueMs'),
    prepareMs: t.exposeFloat('prepareMs'),
    inferMs: t.exposeFloat('inferMs'),
    decodeMs: t.exposeFloat('decodeMs'),
  }),
})

export const FrameDetectionType = builder.objectRef<DetectionView>('FrameDetection')

FrameDetectionType.implement({
  description: 'What a model saw in one frame.',
  fields: (t) => ({
    id: t.exposeID('frameId'),
    camera: t.field({ type: CameraType, resolve: ({ cameraId }, _, context) => cameraOf(context, cameraId) }),
    cameraId: t.exposeID('cameraId'),
    capturedAt: t.field({ type: 'DateTime', resolve: ({ capturedAt }) => capturedAt }),
    captureClock: t.exposeString('captureClock', { description: 'Where the capture time comes from.' }),
    detectedAt: t.field({ type: 'DateTime', resolve: ({ detectedAt }) => detectedAt }),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    model: t.field({
      type: ModelType,
      resolve: ({ modelDigest, modelName }, _, context) => modelOf(context, modelDigest, modelName),
    }),
    boxes: t.field({ type: [BoxType], resolve: ({ boxes }) => boxes }),
    dropped: t.int({
      description:
        'Older detections that this subscription lost just before this one because its client did not keep up; 0 in queries.',
      resolve: ({ dropped }) => dropped ?? 0,
    }),
    imageUrl: t.string({
      nullable: true,
      description: 'Its picture; null where none was kept.',
      resolve: (frame, _, { objects }) => pictureOf(objects, frame),
    }),
    timings: t.field({ type: StageTimings, resolve: ({ timings }) => timings }),
  }),
})

const FrameDetectionEdge = builder.edgeObject({ name: 'FrameDetectionEdge', type: FrameDetectionType })
const FrameDetectionConnection = builder.connectionObject(
  { name: 'FrameDetectionConnection', type: FrameDetectionType },
  FrameDetectionEdge,
)

const NEWEST_FIRST = {
  columns: [
    { column: 'captured_at', type: 'timestamptz' },
    { column: 'frame_id', type: 'text' },
  ],
  direction: 'desc',
  keyOf: ({ captured, frame_id }: { captured: string; frame_id: string }) => [captured, frame_id],
} as const

builder.queryField('detections', (t) =>
  t.field({
    type: FrameDetectionConnection,
    description: 'Newest first.',
    args: {
      cameraId: t.arg.id(),
      from: t.arg({ type: 'DateTime' }),
      to: t.arg({ type: 'DateTime' }),
      first: t.arg.int(),
      after: t.arg.string(),
    },
    resolve: (_, { cameraId, from, to, ...args }, { history }) => {
      let query = history.selectFrom('detections').select(detectionColumns)
      if (cameraId) query = query.where('camera_id', '=', cameraId)
      if (from) query = query.where('captured_at', '>=', sql<Date>`${from}::timestamptz`)
      if (to) query = query.where('captured_at', '<', sql<Date>`${to}::timestamptz`)
      return page(query, args, NEWEST_FIRST, detectionView)
    },
  }),
)

const KeptDirection = builder.enumType('KeptDirection', {
  values: {
    NEAREST: { value: 'nearest' },
    BEFORE: { value: 'before' },
    AFTER: { value: 'after' },
  } as const satisfies Record<string, { value: Direction }>,
})

builder.queryField('keptFrame', (t) =>
  t.field({
    type: FrameDetectionType,
    nullable: true,
    description:
      'The frame of a camera nearest to a moment, or the next before or after it, of those whose picture is kept for a while; null without one.',
    args: {
      cameraId: t.arg.id({ required: true }),
      at: t.arg({ type: 'DateTime', required: true }),
      direction: t.arg({ type: KeptDirection, defaultValue: 'nearest' }),
    },
    resolve: (_, { cameraId, at, direction }, { database }) =>
      keptFrame(database, cameraId, at, direction ?? 'nearest'),
  }),
)

builder.subscriptionField('frameDetected', (t) =>
  t.field({
    type: FrameDetectionType,
    description: 'Each detection as it is made, of these cameras or of all.',
    args: { cameraIds: t.arg.idList() },
    subscribe: (_, { cameraIds }, { feed }) => {
      const wanted = cameraIds && new Set(cameraIds)
      return feed.subscribe({
        topics: ['events.detections'],
        pick: (event) => (!wanted || wanted.has(event.subject) ? [event] : []),
        keep: 'newest',
      })
    },
    resolve: ({ value, dropped }: Told<SentinelEvent>) => ({
      ...detectionOf(value as SentinelEvent<FrameDetection>),
      dropped,
    }),
  }),
)
