import { merge } from './merge.ts'

/** More than anybody reads on one page; what is older is found by a filter. */
export const MAX_SHOWN = 100_000
/** A gap with more events than this is not filled: the newest take the place of all, and older ones are loaded by looking. */
export const MAX_GAP = 5000
/** Events are ordered by what they tell of, which reached the server up to this long before them. */
const SLACK_MS = 30_000

const PACE = {
  /** Live events are shown together, so that a busy street does not draw the page for each. */
  flushMs: 200,
  /** The log tells of an event before the database has it, so what a first look missed is looked for again. */
  settleMs: 2500,
  retryMs: 1000,
}

export interface Entry {
  readonly id: string
  /** RFC 3339. */
  readonly time: string
}

export interface Page<Event> {
  readonly events: readonly Event[]
  /** Where the next older page starts; null when there is none. */
  readonly next: string | null
}

/** Where events come from: pages of the past, and those of now until the returned function is called. */
export interface Events<Event> {
  /** @param from only events from this time on, RFC 3339. @returns undefined when the server does not answer. */
  page(after: string | null, from: string | null): Promise<Page<Event> | undefined>
  listen(onEvent: (event: Event) => void, onEnd: () => void): () => void
  onReconnect(work: () => void): () => void
}

export interface EventsShown<Event> {
  readonly events: readonly Event[]
  readonly isLoaded: boolean
  readonly hasOlder: boolean
  readonly isFull: boolean
}

/** The newest events without holes: what was missed while nobody listened is asked for. */
export class EventList<Event extends Entry> {
  readonly #source: Events<Event>
  readonly #pace: typeof PACE
  readonly #listeners = new Set<() => void>()
  #shown: EventsShown<Event> = { events: [], isLoaded: false, hasOlder: false, isFull: false }
  #older: string | null = null
  /** Up to here, ms since the epoch, the list is known to have no hole. */
  #wholeUntil: number | undefined
  #waiting: Event[] = []
  #timers = new Set<ReturnType<typeof setTimeout>>()
  #stop: (() => void)[] = []
  #isOpen = false
  #isLoadingOlder = false

  constructor(source: Events<Event>, pace = PACE) {
    this.#source = source
    this.#pace = pace
  }

  readonly snapshot = (): EventsShown<Event> => this.#shown

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  open(): void {
    this.#isOpen = true
    this.#stop = [this.#source.onReconnect(() => this.#catchUpTwice())]
    this.#listen()
  }

  close(): void {
    this.#isOpen = false
    for (const timer of this.#timers) clearTimeout(timer)
    for (const stop of this.#stop) stop()
  }

  /** Also for whoever asks again and again while the end is in sight. */
  readonly loadOlder = async (): Promise<void> => {
    const after = this.#older
    if (this.#isLoadingOlder || !this.#shown.hasOlder) return
    this.#isLoadingOlder = true
    const page = await this.#source.page(after, null)
    this.#isLoadingOlder = false
    // Meanwhile a gap may have taken the place of all that this page would have followed.
    if (!page || !this.#isOpen || this.#older !== after) return
    this.#older = page.next
    this.#show(merge(this.#shown.events, page.events))
  }

  #listen(): void {
    const stop = this.#source.listen(
      (event) => this.#take(event),
      () => {
        stop()
        this.#later(this.#pace.retryMs, () => this.#listen())
      },
    )
    this.#stop[1] = stop
    this.#catchUpTwice()
  }

  #take(event: Event): void {
    this.#waiting.push(event)
    if (this.#waiting.length === 1) this.#later(this.#pace.flushMs, () => this.#flush())
  }

  #flush(): void {
    const told = this.#waiting
    this.#waiting = []
    this.#show(merge(this.#shown.events, told))
  }

  #catchUpTwice(): void {
    void this.#catchUp()
    this.#later(this.#pace.settleMs, () => void this.#catchUp())
  }

  /** Where what may be missing begins, as the server is asked: null before anything is shown. */
  #gapStart(): string | null {
    const oldest = this.#shown.events.at(-1)
    const at = this.#wholeUntil ?? (oldest && Date.parse(oldest.time))
    return at === undefined ? null : new Date(at - SLACK_MS).toISOString()
  }

  /** Asks for all that may be missing, or for the newest page; more than a gap may hold takes the place of all. */
  async #catchUp(): Promise<void> {
    const from = this.#gapStart()
    let found: readonly Event[] = []
    let next: string | null = null
    do {
      const page: Page<Event> | undefined = await this.#source.page(next, from)
      if (!this.#isOpen) return
      if (!page) return this.#later(this.#pace.retryMs, () => void this.#catchUp())
      found = merge(found, page.events)
      next = page.next
    } while (from !== null && next !== null && found.length < MAX_GAP)
    const isJoined = from === null || next === null
    if (from === null || next !== null) this.#older = next
    // An event of a clock that is ahead says nothing about those of now.
    const newest = found.find(({ time }) => Date.parse(time) <= Date.now())
    if (newest) this.#wholeUntil = Date.parse(newest.time)
    this.#show(isJoined ? merge(this.#shown.events, found) : found)
  }

  #show(events: readonly Event[]): void {
    const isFull = events.length >= MAX_SHOWN
    const hasOlder = !isFull && this.#older !== null
    this.#shown = { events: events.slice(0, MAX_SHOWN), isLoaded: true, hasOlder, isFull }
    for (const listener of this.#listeners) listener()
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    this.#timers.add(timer)
  }
}
