import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventList, MAX_GAP, MAX_SHOWN } from './event-list.ts'

const PAGE = 100
const PACE = { flushMs: 2, settleMs: 40, retryMs: 10 }
const at = (n: number) => ({ id: `e-${n}`, time: new Date(Date.UTC(2026, 5, 1) + n * 60_000).toISOString() })
const ids = (list: EventList<{ id: string; time: string }>) => list.snapshot().events.map(({ id }) => id)

/** A server of events 0 … count-1, one a minute, and the list that shows them. */
function open(t: TestContext, count: number, isDown = false) {
  const server = { stored: Array.from({ length: count }, (_, n) => at(n)), isDown, asked: 0, pageSize: PAGE }
  let tell = (_: { id: string; time: string }): void => {}
  let end = (): void => {}
  let reconnect = (): void => {}
  const list = new EventList(
    {
      page: async (after, from) => {
        server.asked++
        if (server.isDown) return undefined
        const all = server.stored.filter(({ time }) => from === null || time >= from).reverse()
        const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
        const events = all.slice(start, start + server.pageSize)
        return { events, next: start + server.pageSize < all.length ? events.at(-1)!.id : null }
      },
      listen: (onEvent, onEnd) => {
        tell = onEvent
        end = onEnd
        return () => {}
      },
      onReconnect: (work) => {
        reconnect = work
        return () => {}
      },
    },
    PACE,
  )
  list.open()
  t.after(() => list.close())
  const answered = () => sleep(5)
  const settled = () => sleep(2 * PACE.settleMs)
  const grow = (more: number) => {
    for (let n = 0; n < more; n++) server.stored.push(at(server.stored.length))
  }
  return {
    list,
    server,
    answered,
    settled,
    grow,
    tell: (n: number) => tell(at(n)),
    end: () => end(),
    reconnect: () => reconnect(),
  }
}

const newestFirst = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => `e-${from - n}`)

test('the newest page shows first, and older pages follow when asked for, to the end', async (t) => {
  const { list, answered } = open(t, 250)
  await answered()
  assert.deepEqual(ids(list), newestFirst(249, 150))
  await list.loadOlder()
  await list.loadOlder()
  assert.deepEqual(ids(list), newestFirst(249, 0))
  assert.equal(list.snapshot().hasOlder, false)
})

test('a live event shows once, also when the database tells of it again', async (t) => {
  const { list, answered, settled, grow, tell } = open(t, 3)
  await answered()
  grow(1)
  tell(3)
  await settled()
  assert.deepEqual(ids(list), newestFirst(3, 0))
})

test('a gap of several pages is filled without a hole, however many events came after it', async (t) => {
  const { list, settled, grow, tell, reconnect } = open(t, 10)
  await settled()
  grow(350)
  reconnect()
  grow(1)
  tell(360)
  await settled()
  assert.deepEqual(ids(list), newestFirst(360, 0))
})

test('a loss right after the first look leaves no hole, though its second look comes only after it', async (t) => {
  const { list, answered, settled, grow } = open(t, 3)
  await answered()
  grow(160)
  await settled()
  assert.deepEqual(ids(list), newestFirst(162, 0))
})

test('live events above an empty first page hide no gap below them', async (t) => {
  const { list, answered, settled, grow, tell, reconnect } = open(t, 0)
  await answered()
  grow(1)
  tell(0)
  await answered()
  grow(250)
  reconnect()
  await settled()
  assert.deepEqual(ids(list), newestFirst(250, 0))
})

test('an event of a clock that is years ahead hides none of those that come after it', async (t) => {
  const { list, server, settled, grow, reconnect } = open(t, 5)
  const ahead = { id: 'ahead', time: '2049-01-01T00:00:00.000Z' }
  server.stored.push(ahead)
  await settled()
  server.stored.pop()
  grow(130)
  server.stored.push(ahead)
  reconnect()
  await settled()
  assert.deepEqual(ids(list), ['ahead', ...newestFirst(134, 0)])
})

test('a gap too large to fill takes the place of all, nothing is shown beside a hole, and what is older can be had', async (t) => {
  const { list, settled, grow, reconnect } = open(t, 10)
  await settled()
  grow(MAX_GAP + 500)
  reconnect()
  await settled()
  assert.deepEqual(ids(list), newestFirst(MAX_GAP + 509, 510))
  await list.loadOlder()
  assert.deepEqual(ids(list).slice(-PAGE), newestFirst(509, 410))
})

test('a list of 100,000 events is full, and takes live ones in a few milliseconds', async (t) => {
  const { list, server, settled, answered, grow, tell } = open(t, 0)
  server.stored = Array.from({ length: MAX_SHOWN + 300 }, (_, n) => at(n))
  server.pageSize = 20_000
  await settled()
  while (list.snapshot().hasOlder) await list.loadOlder()
  assert.deepEqual(
    [list.snapshot().events.length, list.snapshot().isFull, list.snapshot().hasOlder],
    [MAX_SHOWN, true, false],
  )
  grow(1)
  const before = performance.now()
  tell(MAX_SHOWN + 300)
  await answered()
  const took = performance.now() - before
  assert.equal(ids(list)[0], `e-${MAX_SHOWN + 300}`)
  assert.ok(took < 200, `${took} ms`)
})

test('asking for older events again before they are there asks the server once', async (t) => {
  const { list, server, settled } = open(t, 500)
  await settled()
  const before = server.asked
  await Promise.all([list.loadOlder(), list.loadOlder(), list.loadOlder()])
  assert.equal(server.asked, before + 1)
  assert.deepEqual(ids(list), newestFirst(499, 300))
})

test('an event that reaches the database only after the first look is found by the second', async (t) => {
  const { list, answered, settled, grow, reconnect } = open(t, 5)
  await settled()
  reconnect()
  await answered()
  grow(1)
  await settled()
  assert.deepEqual(ids(list), newestFirst(5, 0))
})

test('a subscription that the server ends is taken up again, and what it missed is asked for', async (t) => {
  const { list, settled, grow, end } = open(t, 5)
  await settled()
  end()
  grow(2)
  await settled()
  assert.deepEqual(ids(list), newestFirst(6, 0))
})

test('a server that does not answer is asked again until it does', async (t) => {
  const { list, server, settled } = open(t, 5, true)
  await settled()
  assert.ok(server.asked > 2)
  assert.equal(list.snapshot().isLoaded, false)
  server.isDown = false
  await settled()
  assert.deepEqual(ids(list), newestFirst(4, 0))
})

test('a list that is closed takes nothing more', async (t) => {
  const { list, server, settled } = open(t, 5)
  list.close()
  await settled()
  assert.deepEqual(ids(list), [])
  assert.equal(server.asked, 1)
})
