export type Figures = Readonly<Record<string, number>>

export interface Benchmark {
  /** What it measures, in a sentence. */
  readonly about: string
  /** Undefined figures' reasons are told through `say`. */
  run(say: (text: string) => void): Promise<Figures>
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** CPU time of this process and all its threads so far, milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
