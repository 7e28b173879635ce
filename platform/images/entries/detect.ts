import { startContainer } from './container.ts'

startContainer({
  functions: {
    detect: async () => (await import('#functions/detect/handler.ts')).detect,
    shadow: async () => (await import('#functions/shadow/handler.ts')).shadow,
    evaluate: async () => (await import('#functions/evaluate/handler.ts')).evaluate,
  },
  commands: async () => (await import('./programs.ts')).aboutModels(),
})
