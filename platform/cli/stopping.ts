/** The terminal's Ctrl-C comes twice, once by way of the process that started this one. */
const SAME_KEYSTROKE_MS = 1000

/** A second Ctrl-C ends at once; the loss of the parent process closes everything in order, as the first one does. */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined
    const ask = (): void => {
      askedAt ??= performance.now()
      if (performance.now() - askedAt > SAME_KEYSTROKE_MS) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
    process.on('disconnect', resolve)
  })
}
