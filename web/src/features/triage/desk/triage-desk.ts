import type { Item, Verdict } from '../api/triage.ts'
import { type Draft, draftOf } from './draft.ts'
import { type Picture, Pictures } from './pictures.ts'
import { type Job, type Refusal, Saver } from './saver.ts'

/** Items on the desk after the queue was asked. */
const AHEAD = 10
/** With fewer it is asked again: whoever judges two a second must not wait for an answer that takes three. */
const LOW = 8
/** Pictures of waiting items that are kept decoded. */
const DECODED = 8
/** And of those that an undo would bring back. */
const DECODED_BEHIND = 8
const REMEMBERED = 1000
const PACE_MS = 10 * 60_000
/** Nobody sits at a desk that was not touched for so long: what it holds goes to others. */
const IDLE_MS = 5 * 60_000

export interface Claimed {
  readonly items: readonly Item[]
  readonly open: number
}

/** What the desk needs of the world. */
export interface DeskPorts {
  claim(count: number): Promise<Claimed>
  send(job: Job): Promise<Refusal | undefined>
  readonly newKey: () => string
  readonly now: () => number
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
}

interface Judged {
  readonly item: Item
  readonly draft: Draft
  readonly at: number
}

export interface DeskView {
  readonly item: Item | undefined
  readonly draft: Draft | undefined
  readonly picture: Picture
  /** Items that wait on the server, this one included. */
  readonly open: number
  readonly judged: number
  /** Items a minute in the last ten minutes; undefined until there are some. */
  readonly pace: number | undefined
  readonly saving: Saver['state']
  readonly canUndo: boolean
  /** What the server refused, in its words. */
  readonly refusal: string | undefined
  readonly failure: Error | undefined
  readonly isLoading: boolean
}

/** One person's desk: items that nobody else has, what is said of them, and the way back. */
export class TriageDesk {
  readonly #ports: DeskPorts
  readonly #saver: Saver
  readonly #pictures = new Pictures(() => this.#tell())
  readonly #listeners = new Set<() => void>()
  readonly #judged: Judged[] = []
  /** As they were left: by an undo, or by a refusal. */
  readonly #drafts = new Map<string, Draft>()
  #queue: Item[] = []
  #open = 0
  /** How often somebody has said something here. */
  #said = 0
  #refusal: string | undefined
  #failure: Error | undefined
  #isLoading = true
  #isAsking = false
  #touchedAt: number
  #view: DeskView

  constructor(ports: DeskPorts) {
    this.#ports = ports
    this.#touchedAt = ports.now()
    this.#saver = new Saver({
      storage: ports.storage,
      send: (job) => ports.send(job),
      onRefused: (job, refusal) => this.#onRefused(job, refusal),
      onChange: () => this.#tell(),
    })
    this.#view = this.#look()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly view = (): DeskView => this.#view

  get unsent(): number {
    return this.#saver.unsent
  }

  /** Keeps what is on the desk, and asks for more when it runs low. */
  async refill(): Promise<void> {
    const isIdle = this.#ports.now() - this.#touchedAt > IDLE_MS
    if (this.#isAsking || isIdle) return
    this.#isAsking = true
    const before = this.#saver.unsent === 0 ? this.#said : undefined
    try {
      const { items, open } = await this.#ports.claim(Math.max(AHEAD, this.#queue.length))
      this.#failure = undefined
      // A count from before what was said meanwhile is older than the one here.
      if (this.#isLoading || before === this.#said) this.#open = open
      const known = new Set([...this.#queue, ...this.#judged.map(({ item }) => item)].map(({ id }) => id))
      this.#queue.push(...items.filter(({ id }) => !known.has(id)))
    } catch (error) {
      this.#failure = error as Error
    }
    this.#isAsking = false
    this.#isLoading = false
    this.#tell()
  }

  edit(change: (draft: Draft) => Draft): void {
    const item = this.#queue[0]
    if (!item) return
    this.#touched()
    this.#drafts.set(item.id, change(this.#draftOf(item)))
    this.#tell()
  }

  /** Takes the item off the desk at once; what was said is sent behind it. An edited frame is never merely confirmed. */
  judge(verdict: 'CONFIRM' | 'REJECT' | 'SKIP'): void {
    const item = this.#queue.shift()
    if (!item) return
    this.#touched()
    const draft = this.#draftOf(item)
    this.#judged.push({ item, draft, at: this.#ports.now() })
    if (this.#judged.length > REMEMBERED) this.#judged.shift()
    const said: Verdict = verdict === 'CONFIRM' && draft.isEdited ? 'CORRECT' : verdict
    const boxes = said === 'CORRECT' ? { boxes: draft.boxes.map(boxOf) } : {}
    this.#open--
    this.#said++
    this.#saver.add({ kind: 'verdict', input: { itemId: item.id, verdict: said, key: this.#ports.newKey(), ...boxes } })
    if (this.#queue.length < LOW) void this.refill()
  }

  /** Back to the item that was judged last, as it was left. */
  undo(): void {
    const last = this.#judged.pop()
    if (!last) return
    this.#touched()
    this.#bringBack(last)
    this.#open++
    this.#said++
    this.#saver.add({ kind: 'undo', itemId: last.item.id })
  }

  #bringBack({ item, draft }: Judged): void {
    this.#drafts.set(item.id, draft)
    this.#queue.unshift(item)
  }

  #onRefused(job: Job, { code, message }: Refusal): void {
    // An undo whose answer was lost has been done: its item is open, as it should be.
    if (job.kind === 'undo' && code === 'CONFLICT') return
    this.#refusal = message
    if (job.kind === 'undo') return
    const at = this.#judged.findIndex(({ item }) => item.id === job.input.itemId)
    const [judged] = at < 0 ? [] : this.#judged.splice(at, 1)
    if (judged && code === 'INPUT_INVALID') this.#bringBack(judged)
  }

  #touched(): void {
    this.#touchedAt = this.#ports.now()
    this.#refusal = undefined
  }

  #draftOf(item: Item): Draft {
    return this.#drafts.get(item.id) ?? draftOf(item)
  }

  #tell(): void {
    const last = this.#judged.slice(-DECODED_BEHIND).map(({ item }) => item)
    this.#pictures.keep([...this.#queue.slice(0, DECODED), ...last])
    this.#view = this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): DeskView {
    const item = this.#queue[0]
    return {
      item,
      draft: item && this.#draftOf(item),
      picture: item ? this.#pictures.of(item.id) : 'loading',
      open: this.#open,
      judged: this.#judged.length,
      pace: paceOf(this.#judged, this.#ports.now()),
      saving: this.#saver.state,
      canUndo: this.#judged.length > 0,
      refusal: this.#refusal,
      failure: this.#failure,
      isLoading: this.#isLoading,
    }
  }
}

function boxOf({ x, y, width, height, class: name, trackId }: Draft['boxes'][number]) {
  return { x, y, width, height, class: name, trackId }
}

function paceOf(judged: readonly Judged[], now: number): number | undefined {
  const recent = judged.filter(({ at }) => now - at < PACE_MS)
  const minutes = (now - (recent[0]?.at ?? now)) / 60_000
  return recent.length > 2 && minutes > 0 ? (recent.length - 1) / minutes : undefined
}
