import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule'
import { pino } from 'pino'
import { parse } from 'yaml'
import { SentinelError } from '../../platform/errors.ts'
import { topicOf } from '../../platform/events/registry.ts'
import { functions } from '../../platform/hosts/functions.ts'
import { Metrics } from '../../platform/hosts/metrics.ts'
import { root } from '../../platform/paths.ts'
import { openLog } from '../support/log.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: Readonly<Record<string, string>>
}

const folder = join(root, 'deploy', 'observability')
const manifest = parse(await readFile(join(folder, 'alerts.yaml'), 'utf8'))
const rules: readonly Rule[] = manifest.spec.groups.flatMap(({ rules }: { rules: Rule[] }) => rules)
const dashboard = await readFile(join(folder, 'sentinel.json'), 'utf8')
const panels = [...dashboard.matchAll(/"expr": "(.+)"/g)].map(([, expr]) => JSON.parse(`"${expr}"`) as string)

/** Of others: the kubelet and kube-state-metrics. */
const FOREIGN = [
  'kubelet_volume_stats_available_bytes',
  'kubelet_volume_stats_capacity_bytes',
  'kube_job_status_failed',
  'kube_job_status_succeeded',
]

/** Names of series and of their labels, in what an expression asks for. */
function askedBy(expr: string): { names: string[]; matchers: [name: string, label: string, value: string][] } {
  const series = [...expr.matchAll(/\b((?:sentinel|kubelet|kube|process)_\w+)(?:\{([^}]*)\})?/g)]
  const matchers = series.flatMap(([, name, inside = '']) =>
    [...inside.matchAll(/(\w+)!?=~?"([^"]*)"/g)].map(([, label, value]): [string, string, string] => [
      name!,
      label!,
      value!,
    ]),
  )
  return { names: series.map(([, name]) => name!), matchers }
}

/** What /metrics says once everything that is counted has happened: series by name, each with its labels. */
async function exposed(log: Parameters<Metrics['watchLag']>[0]): Promise<Map<string, Set<string>>> {
  const metrics = new Metrics(pino({ level: 'silent' }))
  metrics.watchLag(log, ['detect'])
  metrics.watchLive({ clients: 0, sent: 0, packets: 0, dropped: 0 })
  metrics.handled('detect', 1, 5)
  metrics.published('detect', 'sentinel.frame.detected.v1')
  const record = {
    topic: 'frames',
    partition: 0,
    offset: 0,
    timestamp: 0,
    key: null,
    value: null,
    headers: {},
  } as const
  metrics.deadLettered('detect', record, new SentinelError('EVENT_INVALID', 'x'))
  metrics.retrying('detect', 1, new SentinelError('LOG_UNAVAILABLE', 'x'))
  const samples = [...(await metrics.registry.metrics()).matchAll(/^([a-z_]+)(?:\{(.*)\})? /gm)]
  return new Map(
    samples.map(([, name, inside = '']) => [
      name!,
      new Set([...inside.matchAll(/(\w+)="/g)].map(([, label]) => label!)),
    ]),
  )
}

test('the rules keep to the schema of their kind', () => {
  assert.doesNotThrow(() => new PrometheusRule(manifest).validate())
  assert.ok(rules.length >= 8)
})

test('alerts and dashboard ask for series and labels that /metrics has', async (t) => {
  const series = await exposed(await openLog(t))
  for (const expr of [...rules.map(({ expr }) => expr), ...panels]) {
    const { names, matchers } = askedBy(expr)
    assert.ok(names.length > 0, expr)
    for (const name of names) assert.ok(series.has(name) || FOREIGN.includes(name), `${name} in ${expr}`)
    for (const [name, label] of matchers) {
      assert.ok(FOREIGN.includes(name) || series.get(name)!.has(label), `${name}{${label}} in ${expr}`)
    }
  }
})

test('alerts name functions and types of events that there are', () => {
  const names = functions.map(({ declaration }) => declaration.name)
  for (const { expr } of rules) {
    for (const [, label, value] of askedBy(expr).matchers) {
      if (label === 'function') assert.ok(names.includes(value), value)
      if (label === 'type') assert.ok(topicOf(value), value)
    }
  }
})

test('an alert that names a chapter of the runbook finds it there', async () => {
  const runbook = await readFile(join(root, 'docs', 'runbook.md'), 'utf8')
  const chapters = rules.flatMap(({ annotations }) => [...annotations.description!.matchAll(/“(.+?)”/g)])
  assert.ok(chapters.length > 0)
  for (const [, chapter] of chapters) assert.ok(runbook.includes(`## ${chapter}\n`), chapter)
})
