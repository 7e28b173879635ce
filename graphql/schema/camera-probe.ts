import { type Probed, probeSource } from '../../platform/cameras/probe.ts'
import { builder } from '../builder.ts'
import { type Result, resultOf, UserErrorType } from '../results.ts'

const SourceProbe = builder.objectRef<Probed>('SourceProbe').implement({
  description: 'What a source gave when it was opened.',
  fields: (t) => ({
    picture: t.string({
      description: 'Its first picture, as a data: URL.',
      resolve: ({ jpeg }) => `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`,
    }),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    fps: t.exposeFloat('fps', { nullable: true, description: 'As it says itself.' }),
    codec: t.exposeString('codec'),
    ms: t.exposeFloat('ms', { description: 'Until the first picture was there.' }),
  }),
})

const TestCameraInput = builder.inputType('TestCameraInput', {
  fields: (t) => ({
    source: t.string({ required: true }),
    id: t.id({ description: 'The camera that has this source already: its stored password is used.' }),
  }),
})

const TestCameraPayload = builder.objectRef<Result<Probed>>('TestCameraPayload').implement({
  fields: (t) => ({
    probe: t.field({ type: SourceProbe, nullable: true, resolve: ({ value }) => value }),
    errors: t.field({ type: [UserErrorType], resolve: ({ errors }) => errors }),
  }),
})

builder.mutationField('testCamera', (t) =>
  t.field({
    type: TestCameraPayload,
    description: 'Opens a source until its first picture; changes nothing.',
    args: { input: t.arg({ type: TestCameraInput, required: true }) },
    resolve: (_, { input: { source, id } }, { desk, sources }) =>
      resultOf(() => probeSource({ ...desk, video: sources }, { source, cameraId: id ?? undefined })),
  }),
)
