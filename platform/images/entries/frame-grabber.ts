import { startContainer } from './container.ts'

startContainer({
  functions: {
    'frame-grabber': async () => (await import('#functions/frame-grabber/handler.ts')).frameGrabber,
    'annotation-store': async () => (await import('#functions/annotation-store/handler.ts')).annotationStore,
  },
})
