import { implement } from '../../platform/function.ts'
import { considerTraining } from '../../platform/training/request.ts'
import { declaration } from './function.ts'

/** Holds each annotation for as long as it must stay quiet after it: only the last one of a sitting finds that it has. */
export const trainTrigger = implement(declaration, async (_, { clock, config, signal, ...stores }) => {
  await clock.sleep(config.trainQuiet * 1000, signal)
  signal.throwIfAborted()
  await considerTraining({ clock, ...stores }, config)
  return []
})
