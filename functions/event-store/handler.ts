import { implementBatch } from '../../platform/function.ts'
import { storeCameraStates } from './camera-states.ts'
import { storeDetections } from './detections.ts'
import { declaration } from './function.ts'
import { storeLoggedEvents } from './logged-events.ts'
import { storeTriageItems } from './triage-items.ts'

/** Each table in one statement; everything again changes nothing. */
export const eventStore = implementBatch(declaration, async (events, { database, memory }) => {
  const isKnown = (id: string): boolean => memory.get(id) !== undefined
  const stored = await database.transaction().execute(async (tx) => {
    await storeDetections(tx, events)
    await storeTriageItems(tx, events)
    await storeCameraStates(tx, events)
    return storeLoggedEvents(tx, events, isKnown)
  })
  for (const id of stored) memory.set(id, true)
  return []
})
