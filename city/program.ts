/** Runs a program of the city; what is wrong with its arguments or its files is told in a sentence, a fault of its own with its stack. */
export function runProgram(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${tell(error)}\n`)
    process.exitCode = 1
  })
}

function tell(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isExpected = error.constructor === Error || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  return isExpected ? error.message : (error.stack ?? error.message)
}
