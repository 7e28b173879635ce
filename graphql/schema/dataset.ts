import { type AnnotatorScore, annotatorScores } from '../../platform/annotations/scores.ts'
import { type Difference, differenceOf } from '../../platform/datasets/compare.ts'
import type { DatasetBox, Entry, Manifest } from '../../platform/datasets/manifest.ts'
import { listDatasets, type StoredDataset } from '../../platform/datasets/store.ts'
import { boxesByClass, picturesBy, type Share, summaryOf } from '../../platform/datasets/summary.ts'
import { builder } from '../builder.ts'
import { pageOf } from '../connection.ts'

/** Pictures of a difference that are shown; the counts are of all. */
const MAX_SHOWN = 60

interface DatasetView {
  readonly digest: string
  readonly createdAt: number
  readonly manifest: Manifest
}

const ShareType = builder.objectRef<Share>('DatasetShare').implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    train: t.exposeInt('train'),
    val: t.exposeInt('val'),
  }),
})

export const DatasetType = builder.objectRef<DatasetView>('Dataset').implement({
  description: 'A version of what models learn from; it never changes.',
  fields: (t) => ({
    id: t.id({ resolve: ({ digest }) => digest }),
    digest: t.exposeString('digest'),
    createdAt: t.field({ type: 'DateTime', resolve: ({ createdAt }) => new Date(createdAt) }),
    train: t.int({ description: 'Pictures to learn from.', resolve: ({ manifest }) => summaryOf(manifest).train }),
    val: t.int({ description: 'Pictures to judge by.', resolve: ({ manifest }) => summaryOf(manifest).val }),
    base: t.int({
      description: 'Of all pictures, those of what the model knew before.',
      resolve: ({ manifest }) => summaryOf(manifest).base,
    }),
    boxes: t.int({ resolve: ({ manifest }) => summaryOf(manifest).boxes }),
    byClass: t.field({
      type: [ShareType],
      description: 'Boxes of each class that has some.',
      resolve: ({ manifest }) => boxesByClass(manifest).filter(({ train, val }) => train + val > 0),
    }),
    byCamera: t.field({
      type: [ShareType],
      description: 'Pictures that people certified.',
      resolve: ({ manifest }) => picturesBy(manifest, 'camera'),
    }),
    byLight: t.field({
      type: [ShareType],
      description: 'Pictures that people certified.',
      resolve: ({ manifest }) => picturesBy(manifest, 'light'),
    }),
  }),
})

const DatasetEdge = builder.edgeObject({ name: 'DatasetEdge', type: DatasetType })
const DatasetConnection = builder.connectionObject({ name: 'DatasetConnection', type: DatasetType }, DatasetEdge)

export const DatasetBoxType = builder.objectRef<DatasetBox>('DatasetBox').implement({
  description: 'Shares of the picture, 0..1, from its top-left corner.',
  fields: (t) => ({
    class: t.exposeString('class'),
    x: t.float({ resolve: ({ box }) => box[0] }),
    y: t.float({ resolve: ({ box }) => box[1] }),
    width: t.float({ resolve: ({ box }) => box[2] }),
    height: t.float({ resolve: ({ box }) => box[3] }),
  }),
})

const DatasetPictureType = builder.objectRef<Entry>('DatasetPicture').implement({
  fields: (t) => ({
    id: t.exposeID('image', { description: 'SHA-256 of the JPEG.' }),
    imageUrl: t.string({ resolve: ({ image }) => `/media/dataset/${image}.jpg` }),
    camera: t.exposeString('camera'),
    width: t.exposeInt('width'),
    height: t.exposeInt('height'),
    split: t.exposeString('split', { description: 'train or val' }),
    boxes: t.field({ type: [DatasetBoxType], resolve: ({ boxes }) => boxes ?? [] }),
    verdictId: t.exposeID('verdictId', { nullable: true }),
  }),
})

const DifferenceType = builder.objectRef<Difference>('DatasetDifference').implement({
  description: `What came and went between two versions; at most ${MAX_SHOWN} pictures of each are shown.`,
  fields: (t) => ({
    addedCount: t.int({ resolve: ({ added }) => added.length }),
    removedCount: t.int({ resolve: ({ removed }) => removed.length }),
    changedCount: t.int({ resolve: ({ changed }) => changed.length }),
    addedClasses: t.stringList({ resolve: ({ classes }) => classes.added }),
    removedClasses: t.stringList({ resolve: ({ classes }) => classes.removed }),
    added: t.field({ type: [DatasetPictureType], resolve: ({ added }) => added.slice(0, MAX_SHOWN) }),
    removed: t.field({ type: [DatasetPictureType], resolve: ({ removed }) => removed.slice(0, MAX_SHOWN) }),
    changed: t.field({
      type: [DatasetPictureType],
      resolve: ({ changed }) => changed.slice(0, MAX_SHOWN).map(({ to }) => to),
    }),
  }),
})

const AnnotatorType = builder.objectRef<AnnotatorScore>('Annotator').implement({
  description: 'How one person’s work stands against what is known to be true.',
  fields: (t) => ({
    id: t.exposeID('annotator'),
    annotations: t.exposeInt('annotations', { description: 'Frames certified that stand.' }),
    shared: t.exposeInt('shared', { description: 'Of these, the ones that others judged too.' }),
    agreed: t.exposeInt('agreed', { description: 'Of those, the ones whose boxes are the ones that count.' }),
    gold: t.exposeInt('gold', { description: 'Hidden items whose boxes were known.' }),
    precision: t.exposeFloat('precision', { nullable: true }),
    recall: t.exposeFloat('recall', { nullable: true }),
    overlap: t.exposeFloat('overlap', { nullable: true }),
  }),
})

builder.queryFields((t) => ({
  datasets: t.field({
    type: DatasetConnection,
    description: 'The newest first.',
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: async (_, args, { objects, loaders }) => {
      const stored = pageOf(await listDatasets(objects), args, ({ digest }) => digest)
      const view = async ({ digest, createdAt }: StoredDataset): Promise<DatasetView> => ({
        digest,
        createdAt,
        manifest: await loaders.dataset.load(digest),
      })
      return {
        ...stored,
        edges: await Promise.all(stored.edges.map(async ({ cursor, node }) => ({ cursor, node: await view(node) }))),
      }
    },
  }),
  datasetDifference: t.field({
    type: DifferenceType,
    args: { from: t.arg.id({ required: true }), to: t.arg.id({ required: true }) },
    resolve: async (_, { from, to }, { loaders }) =>
      differenceOf(await loaders.dataset.load(from), await loaders.dataset.load(to)),
  }),
  annotators: t.field({
    type: [AnnotatorType],
    description: 'Everybody who has judged, the busiest first.',
    resolve: (_, __, { database }) => annotatorScores(database),
  }),
}))
