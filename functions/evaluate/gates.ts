import type { Comparison, Gate } from '../../platform/events/model.ts'

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
    agreement('agreement', 'earlier pictures', measured.reference, measured.agreement, rules.gateAgreement, rules),
    ratio('latency', 'time a picture', measured.latency, rules.gateLatency),
    ratio('size', 'size of its file', measured.size, rules.gateSize),
  ]
}

export function liveGate({ frames, agreement: value }: MeasuredLive, rules: GateRules): Gate {
  return agreement('live agreement', 'live frames', frames, value, rules.gateLiveAgreement, rules)
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
  if (judged < gateJudged) {
    const reason = `People found one of the two right in only ${judged} of the frames on which they disagree, fewer than ${gateJudged}.`
    return unknown(gate, reason)
  }
  const value = candidate / judged
  const figures = `People found it right in ${candidate} of ${judged} frames on which the two disagree`
  if (value >= gatePreferred) return { ...gate, state: 'passed', value, reason: `${figures}.` }
  return { ...gate, state: 'failed', value, reason: `${figures}, less than ${percent(gatePreferred)}.` }
}

/** Passed when no gate failed and one that tells of what the model sees has passed. */
export function verdictOf(gates: readonly Gate[]): { readonly verdict: 'passed' | 'failed'; readonly reason: string } {
  const failed = gates.filter(({ state }) => state === 'failed')
  if (failed.length > 0) return { verdict: 'failed', reason: sentence(failed) }
  const telling = gates.filter(({ name, state }) => state === 'passed' && TELLING.test(name))
  if (telling.length > 0) return { verdict: 'passed', reason: sentence(telling) }
  const reason =
    'Nothing could be compared: no picture is held out and no camera shows a live one. Judge more frames or switch a camera on, then evaluate it again.'
  return { verdict: 'failed', reason }
}

function sentence(gates: readonly Gate[]): string {
  return gates.map(({ reason }) => reason).join(' ')
}

function accuracy({ comparisons, heldOut }: Measured, rules: GateRules): Gate {
  const all = comparisons.find(({ kind }) => kind === 'all')
  const gate = { name: 'accuracy', limit: -rules.gateAccuracyDrop }
  if (heldOut < rules.gateFrames || all?.candidate == null)
    return unknown(gate, `Only ${heldOut} certified pictures are held out, fewer than ${rules.gateFrames}.`)
  return dropped(gate, all, `AP50 on ${heldOut} held-out pictures`)
}

/** No class and no light may pay for the others. */
function part(comparison: Comparison, rules: GateRules): Gate {
  const { kind, name, boxes } = comparison
  const gate = { name: `${kind} ${name}`, limit: -rules.gateClassDrop }
  if (boxes < rules.gateBoxes || comparison.candidate === null)
    return unknown(gate, `Only ${boxes} boxes of ${name} are held out, fewer than ${rules.gateBoxes}.`)
  return dropped(gate, comparison, `AP50 of ${name}`)
}

type Named = Pick<Gate, 'name' | 'limit'>

function dropped(gate: Named, { candidate, running }: Comparison, what: string): Gate {
  const value = (candidate ?? 0) - (running ?? 0)
  const figures = `${what}: ${percent(running ?? 0)} → ${percent(candidate ?? 0)}`
  if (value >= gate.limit!) return { ...gate, state: 'passed', value, reason: `${figures}.` }
  return { ...gate, state: 'failed', value, reason: `${figures}, a fall of more than ${percent(-gate.limit!)}.` }
}

function agreement(
  name: string,
  on: string,
  pictures: number,
  value: number | null,
  limit: number,
  rules: GateRules,
): Gate {
  const gate = { name, limit }
  if (value === null || pictures < rules.gateFrames) return unknown(gate, `There were only ${pictures} ${on}.`)
  const figures = `It agrees with the running model on ${percent(value)} of the boxes in ${pictures} ${on}`
  if (value >= limit) return { ...gate, state: 'passed', value, reason: `${figures}.` }
  return { ...gate, state: 'failed', value, reason: `${figures}, less than ${percent(limit)}.` }
}

function ratio(name: string, what: string, value: number | null, limit: number): Gate {
  const gate = { name, limit }
  if (value === null) return unknown(gate, `The ${what} could not be measured.`)
  const figures = `The ${what} is ${value.toFixed(2)} times the running model's`
  if (value <= limit) return { ...gate, state: 'passed', value, reason: `${figures}.` }
  return { ...gate, state: 'failed', value, reason: `${figures}, more than ${limit}.` }
}

function unknown(gate: Named, reason: string): Gate {
  return { ...gate, state: 'unknown', value: null, reason }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
