import { codeOf } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Position } from '../ports/log.ts'
import type { CommitTracker } from './commit-tracker.ts'

/** From one commit to the next: a request for each event would cost more than many events do. What a crash repeats is that much. */
const EVERY_MS = 100
const AGAIN_MS = 100

export interface CommitterOptions {
  readonly tracker: CommitTracker
  readonly clock: Clock
  readonly commit: (positions: readonly Position[]) => Promise<void>
  readonly onFailure: (attempt: number, error: unknown) => void
  readonly onSuccess: () => void
  /** Aborts when only `now` may still commit. */
  readonly stopped: AbortSignal
}

/** Commits what the tracker has ready: the first at once, and what gets ready soon after it together. */
export class Committer {
  readonly #options: CommitterOptions
  /** They go out one after another, so that none takes a later one back. */
  #last: Promise<void> = Promise.resolve()
  #isInTurns = false

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  soon(): void {
    if (!this.#isInTurns) void this.#inTurns()
  }

  /** Resolves when all that was ready is committed, or is its new owner's business. */
  now(): Promise<void> {
    this.#last = this.#last.then(() => this.#commit())
    return this.#last
  }

  async #inTurns(): Promise<void> {
    const { tracker, clock, stopped } = this.#options
    this.#isInTurns = true
    while (tracker.committable().length > 0 && !stopped.aborted) {
      await this.now()
      await clock.sleep(EVERY_MS, stopped)
    }
    this.#isInTurns = false
  }

  async #commit(): Promise<void> {
    const { tracker, clock, commit, onFailure, onSuccess, stopped } = this.#options
    for (let attempt = 1; ; attempt++) {
      const ready = tracker.committable()
      if (ready.length === 0) return
      try {
        await commit(ready)
        tracker.committed(ready)
        return onSuccess()
      } catch (error) {
        if (codeOf(error) === 'MEMBERSHIP_LOST') return
        onFailure(attempt, error)
        await clock.sleep(AGAIN_MS, stopped)
        if (stopped.aborted) return
      }
    }
  }
}
