import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { cameras } from '../../tests/performance/cameras.ts'
import { coldstart } from '../../tests/performance/coldstart.ts'
import { database } from '../../tests/performance/database.ts'
import { fanout } from '../../tests/performance/fanout.ts'
import type { Benchmark, BenchOptions } from '../../tests/performance/figures.ts'
import { learn } from '../../tests/performance/learn.ts'
import { live } from '../../tests/performance/live.ts'
import { log } from '../../tests/performance/log.ts'
import { map } from '../../tests/performance/map.ts'
import { pipeline } from '../../tests/performance/pipeline.ts'
import { scale } from '../../tests/performance/scale.ts'
import { startup } from '../../tests/performance/startup.ts'
import { tracking } from '../../tests/performance/tracking.ts'
import { triage } from '../../tests/performance/triage.ts'
import { SentinelError } from '../errors.ts'

const benchmarks: Readonly<Record<string, Benchmark>> = {
  pipeline,
  cameras,
  tracking,
  triage,
  live,
  map,
  fanout,
  learn,
  log,
  database,
  scale,
  startup,
  coldstart,
}

/** Runs one benchmark, prints its figures, and writes them with machine and versions where asked. */
export async function bench(name: string, file: string | undefined, options: BenchOptions): Promise<void> {
  const benchmark = benchmarks[name]
  if (!benchmark) {
    const known = Object.keys(benchmarks).join(', ')
    throw new SentinelError('INPUT_INVALID', `There is no benchmark ${name}. There are: ${known}.`)
  }
  process.stderr.write(`${name}: ${benchmark.about}\n`)
  const figures = await benchmark.run((text) => process.stderr.write(`${text}\n`), options)
  const width = Math.max(...Object.keys(figures).map(({ length }) => length))
  for (const [figure, value] of Object.entries(figures)) {
    process.stdout.write(`${figure.padEnd(width)}  ${Number(value.toPrecision(4))}\n`)
  }
  if (!file) return
  const { model } = cpus()[0] ?? { model: 'unknown' }
  const machine = {
    cpu: model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
  }
  const versions = {
    node: process.version,
    onnxruntime: await versionOf('onnxruntime-node'),
    nodeAv: await versionOf('node-av'),
  }
  await writeFile(
    file,
    `${JSON.stringify({ name, at: new Date().toISOString(), machine, versions, figures }, null, 2)}\n`,
  )
}

async function versionOf(name: string): Promise<string> {
  const { default: manifest } = await import(`${name}/package.json`, { with: { type: 'json' } }).catch(() => ({
    default: {},
  }))
  return manifest.version ?? 'unknown'
}
