import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedLog } from '../../platform/adapters/log-embedded/embedded-log.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { type Benchmark, cpuMs, median, quantile } from './figures.ts'

const ROUNDS = 5
const RECORDS = 10_000
const PRODUCERS = 16
const VALUE = Buffer.alloc(1000, 'x')

/** One durable topic, 16 producers at once, one record of 1 KB at a time; a group consumes and commits beside them. */
export const log: Benchmark = {
  about:
    'the embedded log: durable records of 1 KB, produced by 16 at once and consumed with commits; with --log Kafka by both clients, each beside a bare loop of its own',
  async run(say, { log: url }) {
    if (url) return (await import('./log-kafka.ts')).benchKafka(url, say)
    const rounds = []
    for (let round = 1; round <= ROUNDS; round++) {
      rounds.push(await oneRound())
      say(`round ${round} of ${ROUNDS}`)
    }
    return {
      recordsPerSecond: median(rounds.map(({ recordsPerSecond }) => recordsPerSecond)),
      p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
      cpuSecondsPer10k: median(rounds.map(({ cpuSeconds }) => cpuSeconds)),
    }
  },
}

async function oneRound() {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-bench-log-'))
  const embedded = await EmbeddedLog.open({ directory, clock: systemClock })
  try {
    const latencies: number[] = []
    const cpu = cpuMs()
    const started = performance.now()
    await Promise.all([
      consume(embedded),
      ...Array.from({ length: PRODUCERS }, (_, n) => produce(embedded, n, latencies)),
    ])
    const seconds = (performance.now() - started) / 1000
    return { recordsPerSecond: RECORDS / seconds, p99Ms: quantile(latencies, 0.99), cpuSeconds: (cpuMs() - cpu) / 1000 }
  } finally {
    await embedded.close()
    await rm(directory, { recursive: true })
  }
}

async function produce(embedded: EmbeddedLog, producer: number, latencies: number[]): Promise<void> {
  for (let n = 0; n < RECORDS / PRODUCERS; n++) {
    const started = performance.now()
    await embedded.produce('events.detections', [
      { key: `camera-${producer}`, value: VALUE, headers: { ce_id: `${n}` } },
    ])
    latencies.push(performance.now() - started)
  }
}

async function consume(embedded: EmbeddedLog): Promise<void> {
  const member = await embedded.join({ group: 'bench', topics: ['events.detections'] })
  for (let seen = 0; seen < RECORDS; ) {
    const records = await member.fetch(500, new AbortController().signal)
    seen += records.length
    await member.commit(records.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + 1 })))
  }
  await member.leave()
}
