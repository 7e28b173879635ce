import { useEffect, useState } from 'react'
import type { Client, CombinedError } from 'urql'
import { client } from '../../../lib/client.ts'
import { onRecover } from '../../../lib/connection.ts'
import { problemIn, refusalText } from '../../../lib/message-of.ts'
import type { Refusal as ServerRefusal } from '../../../lib/refusal.ts'
import { uuid } from '../../../lib/uuid.ts'
import { ClaimDocument, RecordVerdictDocument, ReviewNewsDocument, UndoVerdictDocument } from '../api/triage.ts'
import type { Job, Refusal } from './saver.ts'
import { type DeskPorts, TriageDesk } from './triage-desk.ts'

/** Well within the two minutes for which the server keeps a claim. */
const RENEW_EVERY_MS = 30_000
const EMPTY_EVERY_MS = 5000

/** The desk of this page, for as long as it is open; another one for those who also look at what others have judged. */
export function useDesk(secondOpinions: boolean): TriageDesk | undefined {
  const [desk, setDesk] = useState<TriageDesk>()
  useEffect(() => {
    const session = uuid()
    const opened = new TriageDesk(portsOf(client, { session, secondOpinions }))
    const stops = keepGoing(opened)
    const leave = (): void => release(session)
    window.addEventListener('pagehide', leave)
    setDesk(opened)
    void opened.refill()
    return () => {
      for (const stop of stops) stop()
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [secondOpinions])
  return desk
}

interface Seat {
  readonly session: string
  readonly secondOpinions: boolean
}

function portsOf(api: Client, seat: Seat): DeskPorts {
  return {
    newKey: uuid,
    now: () => Date.now(),
    storage: sessionStorage,
    async claim(count) {
      const { data, error } = await api.mutation(ClaimDocument, { input: { ...seat, count } })
      const problem = problemIn(data?.claimTriageItems.errors, error)
      if (!data || problem !== undefined) throw new Error(problem)
      return data.claimTriageItems
    },
    send: (job) => send(api, seat, job),
  }
}

async function send(api: Client, { session, secondOpinions }: Seat, job: Job): Promise<Refusal | undefined> {
  if (job.kind === 'undo') {
    const { data, error } = await api.mutation(UndoVerdictDocument, { input: { itemId: job.itemId, session } })
    return answered(data?.undoVerdict, error)
  }
  const { data, error } = await api.mutation(RecordVerdictDocument, {
    input: { ...job.input, secondOpinion: secondOpinions },
  })
  return answered(data?.recordVerdict, error)
}

/** Without an answer nobody knows what became of it. */
function answered(
  payload: { readonly errors: readonly ServerRefusal[] } | undefined,
  error: CombinedError | undefined,
): Refusal | undefined {
  if (!payload) throw error ?? new Error('no answer')
  const [refusal] = payload.errors
  return refusal && { code: refusal.code, message: refusalText(refusal) }
}

function keepGoing(desk: TriageDesk): (() => void)[] {
  const refill = (): void => void desk.refill()
  const renew = setInterval(refill, RENEW_EVERY_MS)
  const look = setInterval(() => {
    if (!desk.view().item) refill()
  }, EMPTY_EVERY_MS)
  const { unsubscribe } = client.subscription(ReviewNewsDocument, {}).subscribe(() => {
    if (!desk.view().item) refill()
  })
  const warn = (event: BeforeUnloadEvent): void => {
    if (desk.unsent > 0) event.preventDefault()
  }
  window.addEventListener('beforeunload', warn)
  return [
    () => clearInterval(renew),
    () => clearInterval(look),
    unsubscribe,
    onRecover(refill),
    () => window.removeEventListener('beforeunload', warn),
  ]
}

/** Also while the page goes away, when nothing waits for an answer. */
function release(session: string): void {
  const query = 'mutation Release($input: ReleaseTriageItemsInput!) { releaseTriageItems(input: $input) { released } }'
  const body = JSON.stringify({ query, variables: { input: { session } } })
  void fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive: true })
}
