import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../paths.ts'

const SUITES = ['platform', 'functions', 'graphql', 'web', 'city', 'detector', 'tests'].map(
  (room) => `${room}/**/*.test.ts`,
)

/** Runs every suite, or those that match the patterns, on Node's test runner. */
export async function test(patterns: readonly string[]): Promise<void> {
  const files = patterns.length > 0 ? patterns : SUITES
  process.exitCode = await run(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-timeout=180000',
    // Much of a test is waiting: three files at once, also where there are only two cores.
    `--test-concurrency=${Math.max(3, availableParallelism() - 1)}`,
    `--test-global-setup=${join(root, 'tests', 'support', 'run.ts')}`,
    ...files,
  ])
}

/** Every static check, each once; all of them run, so that one call shows every problem. */
export async function validate(): Promise<void> {
  const checks: [string, string[]][] = [
    ['typescript/bin/tsc', ['-p', '.']],
    ['typescript/bin/tsc', ['-p', 'web']],
    ['typescript/bin/tsc', ['-p', 'city']],
    ['@biomejs/biome/bin/biome', ['check', '--error-on-warnings']],
    ['knip/bin/knip.js', []],
  ]
  const failed: string[] = []
  for (const [tool, args] of checks) {
    if ((await run(process.execPath, [join(root, 'node_modules', tool), ...args])) !== 0)
      failed.push(dirname(dirname(tool)))
  }
  const { staleFiles } = await import('./generate.ts')
  const stale = await staleFiles()
  if (stale.length > 0) failed.push(`generated files (${stale.join(', ')}: run npm run generate)`)
  if (failed.length > 0) throw new Error(`validate failed: ${failed.join(', ')}`)
}

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
