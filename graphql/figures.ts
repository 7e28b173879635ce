import type { Registry } from 'prom-client'
import type { Figure } from './context.ts'

const OWN = /^sentinel_/
/** The library's types name an enum here; what it gives is text. */
const PLAIN: readonly unknown[] = ['counter', 'gauge']

/** Sentinel's own counters and gauges, each of its labelled values by itself. */
export async function figuresOf(metrics: Registry): Promise<Figure[]> {
  const all = await metrics.getMetricsAsJSON()
  return all
    .filter(({ name, type }) => OWN.test(name) && PLAIN.includes(type))
    .flatMap(({ name, values }) => values.map(({ labels, value }) => ({ name, value, labels: labelsOf(labels) })))
}

function labelsOf(labels: Readonly<Record<string, unknown>>): Figure['labels'] {
  return Object.entries(labels).map(([name, value]) => ({ name, value: String(value) }))
}
