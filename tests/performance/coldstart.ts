import { SentinelError } from '../../platform/errors.ts'
import type { FunctionDeclaration } from '../../platform/function.ts'
import { functions } from '../../platform/hosts/functions.ts'
import { freePort, whyNoJava } from '../servers/java.ts'
import { type FirstEvent, firstEvents } from './coldstart/events.ts'
import { type ColdStart, coldStart, lifetime } from './coldstart/measure.ts'
import { makePrograms, type Programs } from './coldstart/programs.ts'
import { type Servers, startServers } from './coldstart/servers.ts'
import { type Benchmark, type Figures, median } from './figures.ts'

const ROUNDS = 5

/** Spawn to the first event, for every function as its pod runs it, in turns with the same from the sources and with Node alone. */
export const coldstart: Benchmark = {
  about: 'spawn to the first event, bundled as in its image, from the sources, and Node alone on the same transport',
  async run(say, { count: rounds = ROUNDS, log }) {
    const lacking = log ? undefined : await whyNoJava()
    if (lacking)
      throw new SentinelError('CONFIGURATION_INVALID', `${lacking} Or name a broker: --log kafka://host:port`)
    const endings: (() => unknown)[] = []
    const scope = { after: (work: () => unknown) => void endings.push(work) }
    try {
      const programs = await makePrograms(scope, say)
      say('starting Kafka, PostgreSQL and Git')
      const servers = await startServers(scope, log)
      return await inTurns(programs, servers, rounds, say)
    } finally {
      for (const end of endings.reverse()) await end()
    }
  },
}

type Way = 'bundled' | 'sources' | 'bare'
const WAYS: readonly Way[] = ['bundled', 'sources', 'bare']

async function inTurns(programs: Programs, servers: Servers, rounds: number, say: (text: string) => void) {
  const events = await firstEvents(servers)
  const starts = new Map<string, Record<Way, ColdStart[]>>()
  const nothing: number[] = []
  // The first round fills caches and is not counted: what runs a function has run it before.
  for (let round = 0; round <= rounds; round++) {
    nothing.push(await lifetime(programs.nothing))
    for (const { declaration } of functions) {
      const { name } = declaration
      const all = starts.get(name) ?? { bundled: [], sources: [], bare: [] }
      starts.set(name, all)
      for (const way of WAYS) all[way].push(await once(way, declaration, events[name]!, programs, servers))
      say(`${name}: ${WAYS.map((way) => `${way} ${all[way].at(-1)!.ms.toFixed(0)} ms`).join(', ')}`)
    }
    say(`round ${round} of ${rounds}`)
  }
  const figures: Record<string, number> = { 'node.ms': median(nothing.slice(1)) }
  for (const [name, all] of starts) Object.assign(figures, figuresOf(name, all))
  return figures
}

async function once(
  way: Way,
  declaration: FunctionDeclaration,
  { topic, record }: FirstEvent,
  programs: Programs,
  { broker, prefix, log, env }: Servers,
): Promise<ColdStart> {
  const isHttp = declaration.host === 'knative'
  const port = await freePort()
  const settings = { ...env, SENTINEL_PROBE_PORT: String(port) }
  if (isHttp)
    return coldStart(way === 'bare' ? programs.bare.http : programs[way](declaration), settings, { port, record })
  await log.produce(topic, [record])
  if (way !== 'bare') return coldStart(programs[way](declaration), settings)
  const group = { GROUP: `${prefix}bare-${declaration.name}`, TOPIC: prefix + topic, ANSWERS: `${prefix}events.audit` }
  return coldStart(programs.bare.kafka, { BROKER: broker, ...group })
}

function figuresOf(name: string, { bundled, sources, bare }: Record<Way, readonly ColdStart[]>): Figures {
  const of = (starts: readonly ColdStart[], what: keyof ColdStart) => median(starts.slice(1).map((each) => each[what]))
  return {
    [`${name}.ms`]: of(bundled, 'ms'),
    [`${name}.overBareNode`]: of(bundled, 'ms') / of(bare, 'ms'),
    [`${name}.cpuMs`]: of(bundled, 'cpuMs'),
    [`${name}.cpuOverBareNode`]: of(bundled, 'cpuMs') / of(bare, 'cpuMs'),
    [`${name}.sourcesMs`]: of(sources, 'ms'),
    [`${name}.sourcesCpuMs`]: of(sources, 'cpuMs'),
    [`${name}.bareMs`]: of(bare, 'ms'),
    [`${name}.bareCpuMs`]: of(bare, 'cpuMs'),
  }
}
