import { systemClock } from '../system-clock.ts'
import { EmbeddedLog } from './embedded-log.ts'

/** One thing that the process does before it is killed. */
export type Step = { readonly produce: readonly string[] } | { readonly consume: number }

interface Script {
  readonly directory: string
  readonly steps: readonly Step[]
}

/** Each line tells what is acknowledged by then. */
function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

const { directory, steps } = JSON.parse(process.argv[2]!) as Script
const log = await EmbeddedLog.open({ directory, clock: systemClock })
const member = await log.join({ group: 'g', topics: ['events.cameras'] })

for (const step of steps) {
  if ('produce' in step) {
    const records = step.produce.map((text) => ({ key: text[0]!, value: Buffer.from(text), headers: {} }))
    await log.produce('events.cameras', records)
    tell({ produced: step.produce })
    continue
  }
  const records = await member.fetch(step.consume, AbortSignal.timeout(5))
  const positions = records.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + 1 }))
  await member.commit(positions)
  tell({ committed: records.map(({ value }) => Buffer.from(value as Uint8Array).toString()) })
}
tell({ done: true })
setInterval(() => {}, 1000)
