import { addZone, removeZone, updateZone, type ZoneInput, type ZoneRow } from '../../platform/cameras/zones.ts'
import { builder } from '../builder.ts'
import { type Result, resultOf, UserErrorType } from '../results.ts'
import { CameraType } from './camera.ts'

const ZoneKind = builder.enumType('ZoneKind', {
  description: 'An area is closed, a line is not.',
  values: { AREA: { value: 'area' }, LINE: { value: 'line' } } as const,
})

const Point = builder.objectRef<readonly [number, number]>('Point').implement({
  description: 'A place in the picture, in shares of its width and height, top-left origin.',
  fields: (t) => ({
    x: t.float({ resolve: ([x]) => x }),
    y: t.float({ resolve: ([, y]) => y }),
  }),
})

const ZoneType = builder.objectRef<ZoneRow>('Zone').implement({
  description: 'What people have drawn on the picture of a camera.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name', { description: 'Of no other zone of its camera.' }),
    kind: t.field({ type: ZoneKind, resolve: ({ kind }) => kind }),
    points: t.field({ type: [Point], resolve: ({ points }) => points }),
  }),
})

builder.objectField(CameraType, 'zones', (t) =>
  t.field({ type: [ZoneType], description: 'By name.', resolve: ({ id }, _, { loaders }) => loaders.zones.load(id) }),
)

const PointInput = builder.inputType('PointInput', {
  fields: (t) => ({ x: t.float({ required: true }), y: t.float({ required: true }) }),
})

const ZoneInputType = builder.inputType('ZoneInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    kind: t.field({ type: ZoneKind, required: true }),
    points: t.field({ type: [PointInput], required: true, description: 'Three or more for an area, two for a line.' }),
  }),
})

const AddZoneInput = builder.inputType('AddZoneInput', {
  fields: (t) => ({
    cameraId: t.id({ required: true }),
    zone: t.field({ type: ZoneInputType, required: true }),
  }),
})

const UpdateZoneInput = builder.inputType('UpdateZoneInput', {
  fields: (t) => ({ id: t.id({ required: true }), zone: t.field({ type: ZoneInputType, required: true }) }),
})

const RemoveZoneInput = builder.inputType('RemoveZoneInput', { fields: (t) => ({ id: t.id({ required: true }) }) })

function zonePayload(name: string) {
  return builder.objectRef<Result<ZoneRow>>(name).implement({
    fields: (t) => ({
      zone: t.field({ type: ZoneType, nullable: true, resolve: ({ value }) => value }),
      errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
    }),
  })
}

const AddZonePayload = zonePayload('AddZonePayload')
const UpdateZonePayload = zonePayload('UpdateZonePayload')
const RemoveZonePayload = zonePayload('RemoveZonePayload')

function read({ points, ...rest }: typeof ZoneInputType.$inferInput): ZoneInput {
  return { ...rest, points: points.map(({ x, y }) => [x, y]) }
}

builder.mutationFields((t) => ({
  addZone: t.field({
    type: AddZonePayload,
    args: { input: t.arg({ type: AddZoneInput, required: true }) },
    resolve: (_, { input: { cameraId, zone } }, { desk }) => resultOf(() => addZone(desk, cameraId, read(zone))),
  }),
  updateZone: t.field({
    type: UpdateZonePayload,
    args: { input: t.arg({ type: UpdateZoneInput, required: true }) },
    resolve: (_, { input: { id, zone } }, { desk }) => resultOf(() => updateZone(desk, id, read(zone))),
  }),
  removeZone: t.field({
    type: RemoveZonePayload,
    args: { input: t.arg({ type: RemoveZoneInput, required: true }) },
    resolve: (_, { input: { id } }, { desk }) => resultOf(() => removeZone(desk, id)),
  }),
}))
