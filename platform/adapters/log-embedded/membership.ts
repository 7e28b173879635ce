import { SentinelError } from '../../errors.ts'
import type { JoinOptions, LogRecord, Membership, Position, RoomOf } from '../../ports/log.ts'
import { type Member, nameOf } from './groups.ts'
import { Waiter } from './waiter.ts'

/** What a member asks of its log. */
interface MembershipSource {
  read(position: Position, max: number): Promise<LogRecord[]>
  commit(positions: readonly Position[]): Promise<void>
  onAppend(wake: () => void): () => void
  leave(member: Member): Promise<void>
}

export class EmbeddedMembership implements Membership, Member {
  readonly id: number
  readonly options: JoinOptions
  readonly positions = new Map<string, Position>()
  readonly revoking = new Set<string>()
  readonly #source: MembershipSource
  readonly #forget: () => void
  #waiter: Waiter | undefined
  /** The partition that was read last goes to the end of the row, so that none starves. */
  #turn = 0

  constructor(id: number, options: JoinOptions, source: MembershipSource) {
    this.id = id
    this.options = options
    this.#source = source
    this.#forget = source.onAppend(() => this.wake())
  }

  wake(): void {
    this.#waiter?.wake()
  }

  async fetch(max: number, signal: AbortSignal, roomOf: RoomOf = () => max): Promise<LogRecord[]> {
    using waiter = new Waiter(signal)
    this.#waiter = waiter
    while (!signal.aborted) {
      const records = await this.#fetchNow(max, roomOf)
      if (records.length > 0) return records
      await waiter.wait()
    }
    return []
  }

  async #fetchNow(max: number, roomOf: RoomOf): Promise<LogRecord[]> {
    const out: LogRecord[] = []
    const names = [...this.positions.keys()]
    for (let i = 0; i < names.length && out.length < max; i++) {
      const name = names[(this.#turn + i) % names.length]!
      const position = this.positions.get(name)
      const room = position ? Math.min(max - out.length, roomOf(position)) : 0
      if (!position || room <= 0) continue
      const records = await this.#source.read(position, room)
      const last = records.at(-1)
      if (!last || this.positions.get(name) !== position || this.revoking.has(name)) continue
      this.positions.set(name, { ...position, offset: last.offset + 1 })
      out.push(...records)
    }
    this.#turn++
    return out
  }

  async commit(positions: readonly Position[]): Promise<void> {
    const lost = positions.filter((position) => !this.positions.has(nameOf(position)))
    if (lost.length > 0) {
      throw new SentinelError('MEMBERSHIP_LOST', `No longer the owner of ${lost.map(nameOf).join(', ')}`)
    }
    await this.#source.commit(positions)
  }

  async leave(): Promise<void> {
    this.#forget()
    await this.#source.leave(this)
  }
}
