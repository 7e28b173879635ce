import type { Told } from '../errors.ts'

/** A commit, with the one file that says what is to run. */
export interface Commit {
  /** 40 hex digits. */
  readonly id: string
  /** The first one of a merge. */
  readonly parent: string | undefined
  readonly message: string
  readonly author: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Undefined where it has no such file. */
  readonly text: string | undefined
}

export interface Change {
  /** The commit that it was made from; undefined for the first one. */
  readonly onto: string | undefined
  /** The whole file. */
  readonly text: string
  readonly message: string
  readonly author: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** How the repository stands to the remote one. */
export interface RemoteState {
  /** `waiting`: it could not be exchanged now; a later exchange does it. */
  readonly state: 'none' | 'current' | 'waiting' | 'conflict'
  /** What is wrong and what to do; empty when all is well. */
  readonly message: string
  /** The same for who words it in another language. */
  readonly told: readonly Told[]
}

/** The deployment's Git repository: one file in it says which model is to run, and its history who wanted that and why. */
export interface Repository {
  /** Undefined before the first commit. */
  head(): Promise<Commit | undefined>
  /** The newest first, along first parents; `max` at most. */
  history(max: number): Promise<Commit[]>
  /** Durable once resolved. @throws SentinelError `CONFLICT` when the newest commit is not `onto` any more. */
  commit(change: Change): Promise<Commit>
  /** Takes what is new in the remote repository, if there is one, and gives it what is new here. Never throws for its sake. */
  synchronise(): Promise<RemoteState>
}
