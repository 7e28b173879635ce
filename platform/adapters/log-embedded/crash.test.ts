import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { systemClock } from '../system-clock.ts'
import type { Step } from './crash.child.ts'
import { EmbeddedLog } from './embedded-log.ts'

interface Told {
  readonly produced: string[]
  readonly committed: string[]
}

/** Runs the steps in a process of its own and kills it after `lines` answers. @returns what had been acknowledged. */
async function runAndKill(directory: string, steps: readonly Step[], lines: number): Promise<Told> {
  const script = fileURLToPath(new URL('crash.child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify({ directory, steps })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const told: Told = { produced: [], committed: [] }
  let text = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk
      if (text.split('\n').length > lines || text.includes('"done"')) child.kill('SIGKILL')
    })
    child.on('exit', () => resolve())
  })
  for (const line of text.split('\n').filter((each) => each.endsWith('}'))) {
    const { produced = [], committed = [] } = JSON.parse(line) as Partial<Told>
    told.produced.push(...produced)
    told.committed.push(...committed)
  }
  return told
}

/** What the group is given from here on, by key. */
async function drain(directory: string): Promise<string[]> {
  const log = await EmbeddedLog.open({ directory, clock: systemClock })
  const member = await log.join({ group: 'g', topics: ['events.cameras'] })
  const seen: string[] = []
  for (;;) {
    const records = await member.fetch(100, AbortSignal.timeout(20))
    if (records.length === 0) break
    seen.push(...records.map(({ value }) => Buffer.from(value as Uint8Array).toString()))
    await member.commit(records.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + 1 })))
  }
  await member.leave()
  await log.close()
  return seen
}

const keyed = (texts: readonly string[], key: string): string[] => texts.filter((text) => text.startsWith(key))

describe('a durable topic after kill -9', () => {
  let serial = 0
  const text = fc.constantFrom('a', 'b', 'c', 'd').map((key) => ({ key }))
  const step = fc.oneof(
    fc.array(text, { minLength: 1, maxLength: 6 }).map((all) => ({ produce: all })),
    fc.integer({ min: 1, max: 10 }).map((consume) => ({ consume })),
  )
  const story = fc.record({
    steps: fc.array(step, { minLength: 2, maxLength: 14 }),
    lines: fc.integer({ min: 1, max: 14 }),
  })

  test('nothing committed comes back out of order, nothing uncommitted is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(story, { minLength: 1, maxLength: 3 }), async (stories) => {
        const directory = await mkdtemp(join(tmpdir(), 'sentinel-crash-'))
        try {
          await live(directory, stories)
        } finally {
          await rm(directory, { recursive: true })
        }
      }),
      { numRuns: 8 },
    )
  })

  async function live(
    directory: string,
    stories: readonly { steps: readonly ({ produce: { key: string }[] } | { consume: number })[]; lines: number }[],
  ) {
    const acknowledged: string[] = []
    const committed: string[] = []
    for (const { steps, lines } of stories) {
      const named = steps.map((each) =>
        'produce' in each ? { produce: each.produce.map(({ key }) => `${key}${serial++}`) } : each,
      )
      const told = await runAndKill(directory, named, lines)
      acknowledged.push(...told.produced)
      committed.push(...told.committed)
    }
    const left = await drain(directory)
    const known = new Set([...committed, ...left])
    assert.deepEqual(
      acknowledged.filter((each) => !known.has(each)),
      [],
      'lost',
    )
    assert.deepEqual(
      left.filter((each) => committed.includes(each)),
      [],
      'told to be committed, and came back',
    )
    for (const key of ['a', 'b', 'c', 'd']) {
      const order = keyed(left, key).map((each) => Number(each.slice(1)))
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
        'out of order',
      )
    }
  }

  test('a record that was half written is cut off, and the log goes on behind it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-crash-'))
    const log = await EmbeddedLog.open({ directory, clock: systemClock })
    const record = (value: string) => ({ key: 'a', value: Buffer.from(value), headers: {} })
    const { partition } = (await log.produce('events.cameras', [record('whole'), record('whole too')]))[0]!
    await log.close()
    const folder = join(directory, 'events.cameras', String(partition))
    const file = await open(join(folder, (await readdir(folder))[0]!), 'a')
    await file.write(Buffer.from([0, 0, 0, 90, 1, 2, 3]))
    await file.close()
    const again = await EmbeddedLog.open({ directory, clock: systemClock })
    await again.produce('events.cameras', [record('after')])
    const texts = (await again.read('events.cameras', partition, 0, 10)).map(({ value }) =>
      Buffer.from(value as Uint8Array).toString(),
    )
    assert.deepEqual(texts, ['whole', 'whole too', 'after'])
    await again.close()
    await rm(directory, { recursive: true })
  })
})
