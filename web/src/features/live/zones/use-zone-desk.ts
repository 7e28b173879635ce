import { useState } from 'react'
import { useMutation } from 'urql'
import { problemIn } from '../../../lib/message-of.ts'
import { AddZoneDocument, RemoveZoneDocument, UpdateZoneDocument, type Zone } from '../api/zones.ts'
import { type Draft, draftOf, NEW_ZONE } from './draft.ts'

export interface ZoneDesk {
  /** Undefined while nothing is drawn. */
  readonly draft: Draft | undefined
  /** What went wrong last, in words; empty when nothing did. */
  readonly problem: string
  readonly isBusy: boolean
  begin(): void
  change(zone: Zone): void
  edit(draft: Draft): void
  cancel(): void
  save(): void
  remove(zone: Zone): void
}

/** @param onSaved the zones in the database have changed. */
export function useZoneDesk(cameraId: string, onSaved: () => void): ZoneDesk {
  const [draft, setDraft] = useState<Draft>()
  const [problem, setProblem] = useState('')
  const [adding, add] = useMutation(AddZoneDocument)
  const [updating, update] = useMutation(UpdateZoneDocument)
  const [removing, remove] = useMutation(RemoveZoneDocument)
  const start = (next: Draft | undefined): void => {
    setProblem('')
    setDraft(next)
  }
  const finish = (found: string | undefined): void => {
    if (found) setProblem(found)
    else {
      start(undefined)
      onSaved()
    }
  }
  const save = async ({ id, ...zone }: Draft): Promise<void> => {
    if (id === undefined) {
      const { data, error } = await add({ input: { cameraId, zone } })
      return finish(problemIn(data?.addZone.errors, error))
    }
    const { data, error } = await update({ input: { id, zone } })
    finish(problemIn(data?.updateZone.errors, error))
  }
  const drop = async ({ id }: Zone): Promise<void> => {
    const { data, error } = await remove({ input: { id } })
    finish(problemIn(data?.removeZone.errors, error))
  }
  return {
    draft,
    problem,
    isBusy: adding.fetching || updating.fetching || removing.fetching,
    begin: () => start(NEW_ZONE),
    change: (zone) => start(draftOf(zone)),
    edit: setDraft,
    cancel: () => start(undefined),
    save: () => draft && void save(draft),
    remove: (zone) => void drop(zone),
  }
}
