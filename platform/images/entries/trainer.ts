import { startContainer } from './container.ts'

startContainer({
  functions: { trainer: async () => (await import('#functions/trainer/handler.ts')).trainer },
})
