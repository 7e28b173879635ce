import type { Comparison, Gate, ModelEvaluation } from '../../platform/events/model.ts'
import { joined, plainly, type Said, say } from '../../platform/said.ts'

export interface GateRules {
  readonly gateFrames: number
  readonly gateBoxes: number
  readonly gateAccuracyDrop: number
  readonly gateClassDrop: number
  readonly gateAgreement: number
  readonly gateLiveAgreement: number
  readonly gateJudged: number
  readonly gatePreferred: number
  readonly gateLatency: number
  readonly gateSize: number
}

/** What was measured of a candidate before it saw live frames. */
export interface Measured {
  readonly comparisons: readonly Comparison[]
  readonly heldOut: number
  readonly reference: number
  readonly agreement: number | null
  /** The candidate's over the running model's. */
  readonly latency: number | null
  readonly size: number | null
}

export interface MeasuredLive {
  readonly frames: number
  readonly agreement: number | null
}

/** Those that tell of what a model sees; time and size alone promote nobody. */
const TELLING = /^(accuracy|agreement|live agreement|people)$/

/** What is known without live frames. */
export function offlineGates(measured: Measured, rules: GateRules): Gate[] {
  return [
    accuracy(measured, rules),
    ...measured.comparisons.filter(({ kind }) => kind !== 'all').map((each) => part(each, rules)),
    agreement('Earlier', measured.reference, measured.agreement, rules),
    ratio('Latency', measured.latency, rules.gateLatency),
    ratio('Size', measured.size, rules.gateSize),
  ]
}

export function liveGate({ frames, agreement: value }: MeasuredLive, rules: GateRules): Gate {
  return agreement('Live', frames, value, rules)
}

/** In how many frames people found which of the two right. */
export interface Preference {
  readonly candidate: number
  readonly running: number
}

/** What people say of the frames on which the two disagree: boxes that differ may be the better ones. */
export function peopleGate({ candidate, running }: Preference, { gateJudged, gatePreferred }: GateRules): Gate {
  const gate = { name: 'people', limit: gatePreferred }
  const judged = candidate + running
  if (judged < gateJudged) return unknown(gate, say('gate.fewJudged', { judged, least: gateJudged }))
  const value = candidate / judged
  const figures = { candidate, judged, limit: gatePreferred }
  if (value >= gatePreferred) return passed(gate, value, say('gate.preferred', figures))
  return failed(gate, value, say('gate.preferredLess', figures))
}

/** Passed when no gate failed and one that tells of what the model sees has passed. */
export function verdictOf(gates: readonly Gate[]): Pick<ModelEvaluation, 'verdict' | 'reason' | 'told'> {
  const fell = gates.filter(({ state }) => state === 'failed')
  if (fell.length > 0) return { verdict: 'failed', ...worded(sentence(fell)) }
  const telling = gates.filter(({ name, state }) => state === 'passed' && TELLING.test(name))
  if (telling.length > 0) return { verdict: 'passed', ...worded(sentence(telling)) }
  return { verdict: 'failed', ...worded(say('gate.nothingCompared', {})) }
}

/** Gates of a time before their words had names are told in their English. */
function sentence(gates: readonly Gate[]): Said {
  return joined(gates.map(({ reason, told }) => (told ? { text: reason, told } : plainly(reason))))
}

function accuracy({ comparisons, heldOut: pictures }: Measured, { gateFrames, gateAccuracyDrop }: GateRules): Gate {
  const all = comparisons.find(({ kind }) => kind === 'all')
  const gate = { name: 'accuracy', limit: -gateAccuracyDrop }
  if (pictures < gateFrames || all?.candidate == null)
    return unknown(gate, say('gate.fewHeldOut', { pictures, least: gateFrames }))
  return dropped(gate, all, {
    stayed: (figures) => say('gate.precision', { ...figures, pictures }),
    fell: (figures) => say('gate.precisionFell', { ...figures, pictures }),
  })
}

/** No class and no light may pay for the others. */
function part(comparison: Comparison, { gateBoxes: least, gateClassDrop }: GateRules): Gate {
  const { kind, name, boxes } = comparison
  const isLight = kind === 'light'
  const gate = { name: `${kind} ${name}`, limit: -gateClassDrop }
  if (boxes < least || comparison.candidate === null) {
    const few = isLight
      ? say('gate.fewBoxesBy', { boxes, light: name, least })
      : say('gate.fewBoxesOf', { boxes, name, least })
    return unknown(gate, few)
  }
  return dropped(gate, comparison, isLight ? byLight(name) : ofClass(name))
}

function ofClass(name: string): Wording {
  return {
    stayed: (figures) => say('gate.precisionOf', { ...figures, name }),
    fell: (figures) => say('gate.precisionOfFell', { ...figures, name }),
  }
}

function byLight(light: string): Wording {
  return {
    stayed: (figures) => say('gate.precisionBy', { ...figures, light }),
    fell: (figures) => say('gate.precisionByFell', { ...figures, light }),
  }
}

type Named = Pick<Gate, 'name' | 'limit'>
type Figures = Readonly<Record<'running' | 'candidate' | 'limit', number>>

interface Wording {
  stayed(figures: Figures): Said
  fell(figures: Figures): Said
}

function dropped(gate: Named, comparison: Comparison, wording: Wording): Gate {
  const [candidate, running] = [comparison.candidate ?? 0, comparison.running ?? 0]
  const value = candidate - running
  const figures = { running, candidate, limit: -gate.limit! }
  return value >= gate.limit!
    ? passed(gate, value, wording.stayed(figures))
    : failed(gate, value, wording.fell(figures))
}

function agreement(on: 'Earlier' | 'Live', pictures: number, value: number | null, rules: GateRules): Gate {
  const isLive = on === 'Live'
  const limit = isLive ? rules.gateLiveAgreement : rules.gateAgreement
  const gate = { name: isLive ? 'live agreement' : 'agreement', limit }
  if (value === null || pictures < rules.gateFrames) return unknown(gate, say(`gate.few${on}`, { pictures }))
  const figures = { share: value, pictures, limit }
  if (value >= limit) return passed(gate, value, say(`gate.agrees${on}`, figures))
  return failed(gate, value, say(`gate.agrees${on}Less`, figures))
}

function ratio(of: 'Latency' | 'Size', value: number | null, limit: number): Gate {
  const name = of === 'Latency' ? 'latency' : 'size'
  const gate = { name, limit }
  if (value === null) return unknown(gate, say(`gate.no${of}`, {}))
  const figures = { times: value, limit }
  if (value <= limit) return passed(gate, value, say(`gate.${name}`, figures))
  return failed(gate, value, say(`gate.${name}More`, figures))
}

function passed(gate: Named, value: number, said: Said): Gate {
  return { ...gate, state: 'passed', value, ...worded(said) }
}

function failed(gate: Named, value: number, said: Said): Gate {
  return { ...gate, state: 'failed', value, ...worded(said) }
}

function unknown(gate: Named, said: Said): Gate {
  return { ...gate, state: 'unknown', value: null, ...worded(said) }
}

function worded({ text, told }: Said): Required<Pick<Gate, 'reason' | 'told'>> {
  return { reason: text, told: [...told] }
}
