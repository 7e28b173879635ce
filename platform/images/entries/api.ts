import { join } from 'node:path'
import { root } from '../../paths.ts'
import { startContainer } from './container.ts'

/** Built with the image. */
const DASHBOARD = join(root, 'dist', 'web')

startContainer({ commands: async () => (await import('./programs.ts')).serving(async () => DASHBOARD) })
