import type { Selectable } from 'kysely'
import type { SentinelEvent } from '../../platform/events/event.ts'
import type { LabelledBox } from '../../platform/events/frame.ts'
import { microsToText } from '../../platform/events/micros.ts'
import { type ReviewRequest, ReviewRequested } from '../../platform/events/triage.ts'
import type { TriageItemsTable } from '../../platform/ports/tables.ts'
import { recordVerdict, undoVerdict } from '../../platform/triage/verdicts.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import type { Context } from '../context.ts'
import type { Told } from '../live.ts'
import { type Result, resultOf, SentenceType, UserErrorType } from '../results.ts'
import { CameraType, cameraOf } from './camera.ts'
import { BoxType } from './detection.ts'
import { ModelType, modelOf } from './model.ts'

type Item = Selectable<TriageItemsTable>

export const TriageReason = builder.enumType('TriageReason', {
  values: {
    LOW_CONFIDENCE: { value: 'low-confidence', description: 'A box with a doubtful score.' },
    CLASS_FLICKER: { value: 'class-flicker', description: 'A track whose class changes to and fro.' },
    CLASS_UNSURE: { value: 'class-unsure', description: 'Two classes that are nearly as likely.' },
  } as const,
})

const TriageStatus = builder.enumType('TriageStatus', {
  values: {
    OPEN: { value: 'open' },
    CONFIRMED: { value: 'confirmed' },
    CORRECTED: { value: 'corrected' },
    REJECTED: { value: 'rejected' },
    SKIPPED: { value: 'skipped' },
  } as const,
})

const Verdict = builder.enumType('Verdict', {
  values: {
    CONFIRM: { value: 'confirm', description: 'These boxes are right, and they are all.' },
    CORRECT: { value: 'correct', description: 'The boxes given are right, and they are all.' },
    REJECT: { value: 'reject', description: 'The frame is of no use.' },
    SKIP: { value: 'skip', description: 'Not decided.' },
  } as const,
})

export const TriageItemType = builder.objectRef<Item>('TriageItem').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    camera: t.field({ type: CameraType, resolve: ({ camera_id }, _, context) => cameraOf(context, camera_id) }),
    capturedAt: t.field({ type: 'DateTime', resolve: ({ captured_at }) => captured_at }),
    requestedAt: t.field({ type: 'DateTime', resolve: ({ requested_at }) => requested_at }),
    reason: t.field({ type: TriageReason, resolve: ({ reason }) => reason as 'low-confidence' }),
    detail: t.exposeString('detail', { description: 'What made the model unsure, in words.' }),
    detailSaid: t.field({
      type: [SentenceType],
      description: 'The detail, sentence by sentence; of an older item empty.',
      resolve: ({ detail_told }) => detail_told ?? [],
    }),
    uncertainty: t.exposeFloat('uncertainty', { description: '0..1; the queue shows the most uncertain first.' }),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    model: t.field({
      type: ModelType,
      resolve: ({ model_digest, model_name }, _, context) => modelOf(context, model_digest, model_name),
    }),
    boxes: t.field({ type: [BoxType], resolve: ({ boxes }) => boxes }),
    imageUrl: t.string({ resolve: ({ image }) => `/media/${image}` }),
    status: t.field({ type: TriageStatus, resolve: ({ status }) => status }),
  }),
})

const TriageItemEdge = builder.edgeObject({ name: 'TriageItemEdge', type: TriageItemType })
export const TriageItemConnection = builder.connectionObject(
  { name: 'TriageItemConnection', type: TriageItemType },
  TriageItemEdge,
)

const TriageFilter = builder.inputType('TriageFilter', {
  fields: (t) => ({
    cameraId: t.id(),
    reason: t.field({ type: TriageReason }),
    status: t.field({ type: TriageStatus, description: 'OPEN without it.' }),
  }),
})

export const MOST_UNCERTAIN_FIRST = {
  columns: [
    { column: 'uncertainty', type: 'float8' },
    { column: 'id', type: 'text' },
  ],
  direction: 'desc',
  keyOf: ({ uncertainty, id }: Item) => [uncertainty, id],
} as const

builder.queryField('triageQueue', (t) =>
  t.field({
    type: TriageItemConnection,
    description: 'The most uncertain first.',
    args: { first: t.arg.int(), after: t.arg.string(), filter: t.arg({ type: TriageFilter }) },
    resolve: (_, { filter, ...args }, { database }) => {
      let query = database
        .selectFrom('triage_items')
        .selectAll()
        .where('status', '=', filter?.status ?? 'open')
      if (filter?.cameraId) query = query.where('camera_id', '=', filter.cameraId)
      if (filter?.reason) query = query.where('reason', '=', filter.reason)
      return page(query, args, MOST_UNCERTAIN_FIRST, (row) => row)
    },
  }),
)

export const BoxInput = builder.inputType('BoxInput', {
  description: 'Shares of the picture, 0..1, from its top-left corner.',
  fields: (t) => ({
    class: t.string({ required: true }),
    trackId: t.id(),
    x: t.float({ required: true }),
    y: t.float({ required: true }),
    width: t.float({ required: true }),
    height: t.float({ required: true }),
  }),
})

export function labelledBox({ x, y, width, height, class: name, trackId }: typeof BoxInput.$inferInput): LabelledBox {
  return { class: name, box: [x, y, width, height], ...(trackId && { trackId: String(trackId) }) }
}

const RecordVerdictInput = builder.inputType('RecordVerdictInput', {
  fields: (t) => ({
    itemId: t.id({ required: true }),
    verdict: t.field({ type: Verdict, required: true }),
    boxes: t.field({
      type: [BoxInput],
      description: 'All boxes of the frame. CONFIRM without them takes those of the item.',
    }),
    note: t.string(),
    key: t.id({
      description: 'A UUID of your choosing: the same verdict sent again, as after a lost answer, is recorded once.',
    }),
    secondOpinion: t.boolean({
      description: 'Judge what others have judged already: two who agree confirm each other, and a third decides.',
    }),
  }),
})

const UndoVerdictInput = builder.inputType('UndoVerdictInput', {
  fields: (t) => ({
    itemId: t.id({ required: true }),
    session: t.id({ description: 'The desk that the item returns to; see claimTriageItems.' }),
  }),
})

function itemPayload(name: string) {
  return builder.objectRef<Result<Item>>(name).implement({
    fields: (t) => ({
      item: t.field({ type: TriageItemType, nullable: true, resolve: ({ value }) => value }),
      errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
    }),
  })
}

const RecordVerdictPayload = itemPayload('RecordVerdictPayload')
const UndoVerdictPayload = itemPayload('UndoVerdictPayload')

builder.mutationFields((t) => ({
  recordVerdict: t.field({
    type: RecordVerdictPayload,
    args: { input: t.arg({ type: RecordVerdictInput, required: true }) },
    resolve: (_, { input }, { database, clock, viewer }) => {
      const boxes = input.boxes?.map(labelledBox)
      const { itemId, verdict, note, key, secondOpinion } = input
      const shared = { note: note ?? undefined, key: key ?? undefined, isSecondOpinion: secondOpinion ?? false }
      const given = { boxes, ...shared, by: viewer.id }
      return resultOf(() => recordVerdict({ database, clock }, { itemId, verdict, ...given }))
    },
  }),
  undoVerdict: t.field({
    type: UndoVerdictPayload,
    args: { input: t.arg({ type: UndoVerdictInput, required: true }) },
    resolve: (_, { input }, { database, clock, viewer }) =>
      resultOf(() => undoVerdict({ database, clock }, input.itemId, viewer.id, input.session ?? undefined)),
  }),
}))

builder.subscriptionField('triageItemChanged', (t) =>
  t.field({
    type: TriageItemType,
    subscribe: (_, __, { feed }) =>
      feed.subscribe({ topics: ['events.triage'], pick: (event) => [event], keep: 'all' }),
    resolve: ({ value }: Told<SentinelEvent>, _, context) => itemOf(value, context),
  }),
)

/** A new item may be here before it is in the database. */
async function itemOf(event: SentinelEvent, { database }: Context): Promise<Item> {
  if (event.type === ReviewRequested.type) return requested(event as SentinelEvent<ReviewRequest>)
  return database.selectFrom('triage_items').selectAll().where('id', '=', event.subject).executeTakeFirstOrThrow()
}

function requested({ subject, time, data }: SentinelEvent<ReviewRequest>): Item {
  const { cameraId, frameId, capturedAt, model, told, ...rest } = data
  return {
    ...rest,
    id: subject,
    camera_id: cameraId,
    frame_id: frameId,
    captured_at: new Date(microsToText(capturedAt)),
    requested_at: new Date(time),
    model_digest: model.digest,
    model_name: model.name,
    detail_told: told ?? null,
    status: 'open',
  }
}
