import { builder } from '../builder.ts'
import type { ServedPorts } from '../context.ts'

type Settings = Pick<ServedPorts, 'mapStyle'>

const DashboardSettings = builder.objectRef<Settings>('DashboardSettings').implement({
  description: 'What the dashboard was told when the server was started.',
  fields: (t) => ({
    mapStyle: t.string({
      nullable: true,
      description: 'URL of the style of its map; null for the built-in one.',
      resolve: ({ mapStyle }) => mapStyle,
    }),
  }),
})

builder.queryField('dashboard', (t) =>
  t.field({ type: DashboardSettings, resolve: (_, __, { mapStyle }) => ({ mapStyle }) }),
)
