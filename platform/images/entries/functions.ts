import { startContainer } from './container.ts'

startContainer({
  functions: {
    'event-store': async () => (await import('#functions/event-store/handler.ts')).eventStore,
    'frame-keeper': async () => (await import('#functions/frame-keeper/handler.ts')).frameKeeper,
    'triage-router': async () => (await import('#functions/triage-router/handler.ts')).triageRouter,
    'train-trigger': async () => (await import('#functions/train-trigger/handler.ts')).trainTrigger,
    'model-promoter': async () => (await import('#functions/model-promoter/handler.ts')).modelPromoter,
  },
  commands: async () => (await import('./programs.ts')).preparing(),
})
