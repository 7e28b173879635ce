import { addCamera, type CameraRow, removeCamera, updateCamera } from '../../platform/cameras/commands.ts'
import { type ImportReport, importCameras } from '../../platform/cameras/import.ts'
import { isWatched } from '../../platform/cameras/schedule.ts'
import { CameraChanged, CameraOffline, CameraOnline } from '../../platform/events/camera.ts'
import type { SentinelEvent } from '../../platform/events/event.ts'
import { builder } from '../builder.ts'
import { page } from '../connection.ts'
import type { Context } from '../context.ts'
import type { Told } from '../live.ts'
import { type Result, resultOf, SentenceType, UserErrorType } from '../results.ts'
import { hlsPath } from '../streams.ts'
import { CameraScheduleInput, CameraScheduleType } from './camera-schedule.ts'
import { FrameDetectionType } from './detection.ts'

export const CameraState = builder.enumType('CameraState', {
  values: { UNKNOWN: { value: 'unknown' }, ONLINE: { value: 'online' }, OFFLINE: { value: 'offline' } } as const,
})

export const CameraType = builder.objectRef<CameraRow>('Camera')

/** What was seen outlives the entry of the camera that saw it. */
export async function cameraOf({ loaders }: Context, id: string): Promise<CameraRow> {
  return (await loaders.camera.load(id)) ?? removedCamera(id)
}

function removedCamera(id: string): CameraRow {
  const nothing = {
    latitude: null,
    longitude: null,
    heading: null,
    sealed_source: null,
    fps: null,
    schedule: null,
    origin: null,
    origin_id: null,
  }
  const unseen = {
    state_reason: 'removed',
    state_detail: null,
    state_at: null,
    width: null,
    height: null,
    source_fps: null,
    codec: null,
  }
  const never = new Date(0)
  return {
    id,
    name: id,
    source: '',
    loop: false,
    enabled: false,
    state: 'unknown',
    revision: 0,
    created_at: never,
    updated_at: never,
    ...nothing,
    ...unseen,
  }
}

const Playback = builder.objectRef<{ readonly hls: string }>('Playback').implement({
  description: 'The stream of a camera as it sends it, for a player.',
  fields: (t) => ({
    hls: t.exposeString('hls', {
      description:
        'Address of its playlist on this server: low-latency HLS that tells the time of day of each picture, the time that boxes are matched by.',
    }),
  }),
})

CameraType.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    latitude: t.exposeFloat('latitude', { nullable: true }),
    longitude: t.exposeFloat('longitude', { nullable: true }),
    heading: t.exposeFloat('heading', { nullable: true, description: 'Degrees clockwise from north.' }),
    source: t.exposeString('source', { description: 'Without credentials.' }),
    enabled: t.exposeBoolean('enabled'),
    fps: t.exposeFloat('fps', { nullable: true, description: 'Frames a second to take; the default when null.' }),
    schedule: t.field({ type: CameraScheduleType, nullable: true, resolve: ({ schedule }) => schedule }),
    isWatched: t.boolean({
      description: 'Whether it is switched on and in its schedule now.',
      resolve: ({ enabled, schedule }, _, { clock }) => enabled && isWatched(schedule, clock.now()),
    }),
    state: t.field({ type: CameraState, resolve: ({ state }) => state }),
    stateReason: t.exposeString('state_reason', { nullable: true }),
    stateDetail: t.exposeString('state_detail', { nullable: true }),
    stateAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ state_at }) => state_at }),
    width: t.exposeInt('width', { nullable: true }),
    height: t.exposeInt('height', { nullable: true }),
    codec: t.exposeString('codec', { nullable: true }),
    playback: t.field({
      type: Playback,
      nullable: true,
      description: 'Null where no media server takes its stream.',
      resolve: ({ id, source }, _, { media }) =>
        media?.offersHls && media.takes(source) ? { hls: hlsPath(id) } : null,
    }),
    origin: t.exposeString('origin', { nullable: true, description: 'The catalogue it was imported from.' }),
    lastDetection: t.field({
      type: FrameDetectionType,
      nullable: true,
      resolve: ({ id }, _, { loaders }) => loaders.lastDetection.load(id),
    }),
  }),
})

const CameraEdge = builder.edgeObject({ name: 'CameraEdge', type: CameraType })
const CameraConnection = builder.connectionObject({ name: 'CameraConnection', type: CameraType }, CameraEdge)

const CameraFilter = builder.inputType('CameraFilter', {
  fields: (t) => ({
    search: t.string({ description: 'Part of the name.' }),
    enabled: t.boolean(),
    state: t.field({ type: CameraState }),
  }),
})

const BY_NAME = {
  columns: [
    { column: 'name', type: 'text' },
    { column: 'id', type: 'text' },
  ],
  direction: 'asc',
  keyOf: ({ name, id }: CameraRow) => [name, id],
} as const

builder.queryFields((t) => ({
  camera: t.field({
    type: CameraType,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { loaders }) => loaders.camera.load(id),
  }),
  cameras: t.field({
    type: CameraConnection,
    args: { first: t.arg.int(), after: t.arg.string(), filter: t.arg({ type: CameraFilter }) },
    resolve: (_, { filter, ...args }, { database }) => {
      let query = database.selectFrom('cameras').selectAll()
      if (filter?.search) query = query.where('name', 'ilike', `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`)
      if (filter?.enabled != null) query = query.where('enabled', '=', filter.enabled)
      if (filter?.state) query = query.where('state', '=', filter.state)
      return page(query, args, BY_NAME, (row) => row)
    },
  }),
}))

const AddCameraInput = builder.inputType('AddCameraInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    source: t.string({ required: true, description: 'rtsp, rtsps, http or https URL; credentials are stored sealed.' }),
    latitude: t.float(),
    longitude: t.float(),
    heading: t.float(),
    enabled: t.boolean(),
    fps: t.float(),
    schedule: t.field({ type: CameraScheduleInput, description: 'When it is watched; always with null.' }),
  }),
})

const UpdateCameraInput = builder.inputType('UpdateCameraInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    id: t.id({ required: true }),
    name: t.string(),
    source: t.string(),
    latitude: t.float(),
    longitude: t.float(),
    heading: t.float(),
    enabled: t.boolean(),
    fps: t.float(),
    schedule: t.field({ type: CameraScheduleInput, description: 'When it is watched; always with null.' }),
  }),
})

const RemoveCameraInput = builder.inputType('RemoveCameraInput', { fields: (t) => ({ id: t.id({ required: true }) }) })

const ImportCamerasInput = builder.inputType('ImportCamerasInput', {
  fields: (t) => ({
    catalogue: t.string({
      required: true,
      description: 'OpenTrafficCamMap or Caltrans JSON, CSV or plain JSON, as text.',
    }),
    enabled: t.boolean({ description: 'Without it public catalogues come in switched off.' }),
  }),
})

function cameraPayload(name: string) {
  return builder.objectRef<Result<CameraRow>>(name).implement({
    fields: (t) => ({
      camera: t.field({ type: CameraType, nullable: true, resolve: ({ value }) => value }),
      errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
    }),
  })
}

const RejectedRow = builder.objectRef<ImportReport['rejected'][number]>('RejectedRow').implement({
  fields: (t) => ({
    row: t.exposeInt('row', { description: 'From 1, as in the file.' }),
    reason: t.exposeString('reason'),
    said: t.field({
      type: [SentenceType],
      description: 'The reason, sentence by sentence.',
      resolve: ({ told }) => told,
    }),
  }),
})

const ImportCamerasPayload = builder.objectRef<Result<ImportReport>>('ImportCamerasPayload').implement({
  fields: (t) => ({
    added: t.int({ resolve: ({ value }) => value?.added ?? 0 }),
    updated: t.int({ resolve: ({ value }) => value?.updated ?? 0 }),
    unchanged: t.int({ resolve: ({ value }) => value?.unchanged ?? 0 }),
    rejected: t.field({ type: [RejectedRow], resolve: ({ value }) => value?.rejected ?? [] }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

const AddCameraPayload = cameraPayload('AddCameraPayload')
const UpdateCameraPayload = cameraPayload('UpdateCameraPayload')
const RemoveCameraPayload = cameraPayload('RemoveCameraPayload')

builder.mutationFields((t) => ({
  addCamera: t.field({
    type: AddCameraPayload,
    args: { input: t.arg({ type: AddCameraInput, required: true }) },
    resolve: (_, { input }, { desk }) => resultOf(() => addCamera(desk, withoutNulls(input))),
  }),
  updateCamera: t.field({
    type: UpdateCameraPayload,
    args: { input: t.arg({ type: UpdateCameraInput, required: true }) },
    resolve: (_, { input: { id, ...changes } }, { desk }) =>
      resultOf(() => updateCamera(desk, id, withoutRequiredNulls(changes))),
  }),
  removeCamera: t.field({
    type: RemoveCameraPayload,
    args: { input: t.arg({ type: RemoveCameraInput, required: true }) },
    resolve: (_, { input: { id } }, { desk }) => resultOf(() => removeCamera(desk, id)),
  }),
  importCameras: t.field({
    type: ImportCamerasPayload,
    args: { input: t.arg({ type: ImportCamerasInput, required: true }) },
    resolve: (_, { input: { catalogue, enabled } }, { desk }) =>
      resultOf(() => importCameras(desk, catalogue, { enabled: enabled ?? undefined })),
  }),
}))

type NoNull<T, K extends keyof T> = Omit<T, K> & { [Key in K]?: NonNullable<T[Key]> | undefined }

function withoutNulls<T extends { enabled?: boolean | null | undefined }>(input: T): NoNull<T, 'enabled'> {
  return { ...input, enabled: input.enabled ?? undefined }
}

/** A null latitude clears it; a null name means nothing. */
function withoutRequiredNulls<
  T extends {
    name?: string | null | undefined
    source?: string | null | undefined
    enabled?: boolean | null | undefined
  },
>(input: T): NoNull<T, 'name' | 'source' | 'enabled'> {
  return {
    ...input,
    name: input.name ?? undefined,
    source: input.source ?? undefined,
    enabled: input.enabled ?? undefined,
  }
}

builder.subscriptionField('cameraChanged', (t) =>
  t.field({
    type: CameraType,
    description: 'Each camera that came, went or was changed, as it is now, with the zones on its picture.',
    subscribe: (_, __, { feed }) =>
      feed.subscribe({ topics: ['events.cameras'], pick: (event) => [event], keep: 'all' }),
    resolve: async ({ value: event }: Told<SentinelEvent>, _, context) => {
      context.loaders.camera.clear(event.subject)
      context.loaders.zones.clear(event.subject)
      const camera = await context.loaders.camera.load(event.subject)
      return withState(camera ?? lastKnown(event), event)
    },
  }),
)

/** The event that a camera was removed is the last to know its name. */
function lastKnown({ type, subject, data }: SentinelEvent): CameraRow {
  if (type !== CameraChanged.type) return removedCamera(subject)
  const { name, source } = data as typeof CameraChanged.schema._output
  return { ...removedCamera(subject), name, source }
}

/** The event may be here before its state is in the database. */
function withState(camera: CameraRow, { type, time, data }: SentinelEvent): CameraRow {
  const at = new Date(time)
  if (type === CameraChanged.type || (camera.state_at && camera.state_at >= at)) return camera
  if (type === CameraOnline.type) {
    const { width, height, codec } = data as typeof CameraOnline.schema._output
    return { ...camera, state: 'online', state_reason: null, state_detail: null, state_at: at, width, height, codec }
  }
  if (type !== CameraOffline.type) return camera
  const { reason, detail } = data as typeof CameraOffline.schema._output
  return { ...camera, state: 'offline', state_reason: reason, state_detail: detail, state_at: at }
}
