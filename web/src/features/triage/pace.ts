interface Painted {
  readonly item: string
  /** From the key (or the tap) before it to its being painted, ms. */
  readonly ms: number
}

declare global {
  interface Window {
    /** How fast items followed one another, for tests and benchmarks. */
    __sentinelTriage?: Painted[]
  }
}

const KEPT = 1000

let actedAt: number | undefined
for (const type of ['keydown', 'pointerup'] as const) {
  window.addEventListener(type, ({ timeStamp }) => (actedAt = timeStamp), { capture: true })
}

/** The picture of an item has just been drawn; notes when it can be seen. */
export function tellPainted(item: string): void {
  const since = actedAt
  actedAt = undefined
  if (since === undefined) return
  requestAnimationFrame(() => {
    // A task that is queued in an animation frame runs once that frame has been painted.
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      const painted = { item, ms: performance.now() - since }
      window.__sentinelTriage = [...(window.__sentinelTriage ?? []), painted].slice(-KEPT)
      channel.port1.close()
    }
    channel.port2.postMessage(undefined)
  })
}
