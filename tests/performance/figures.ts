export type Figures = Readonly<Record<string, number>>

/** What a person may ask of a benchmark that knows it. */
export interface BenchOptions {
  readonly count?: number | undefined
  readonly minutes?: number | undefined
  readonly max?: boolean | undefined
  readonly tune?: boolean | undefined
  readonly quick?: boolean | undefined
  /** Where the log is. */
  readonly log?: string | undefined
}

export interface Benchmark {
  /** What it measures, in a sentence. */
  readonly about: string
  /** Undefined figures' reasons are told through `say`. */
  run(say: (text: string) => void, options: BenchOptions): Promise<Figures>
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

/** By how much y grows when x grows by one, by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [middleX, middleY] = [mean(0), mean(1)]
  const sum = (of: (x: number, y: number) => number): number =>
    points.reduce((total, [x, y]) => total + of(x - middleX, y - middleY), 0)
  return sum((x, y) => x * y) / sum((x) => x * x)
}
