import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchDefinitions } from '../../tests/cluster/crds.ts'
import { cluster, clusterCode, importImages, isThere, isUp, state, whyNoCluster } from '../../tests/cluster/toolkit.ts'
import { classPathOf } from '../../tests/servers/java.ts'

const SUITES = ['tests/cluster/*.cluster.ts']
/** Pods come and go by KEDA's clock and the cooldowns of the manifests. */
const WITHIN_MS = 1_800_000

/** Applies what is in deploy/ to a real Kubernetes, runs the functions' own images on it, and attacks them. */
export async function testCluster(patterns: readonly string[]): Promise<void> {
  const lacking = await whyNoCluster()
  if (lacking) return say(`SKIPPED: nothing of deploy/ was tried on a real cluster: ${lacking}.`)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-cluster-'))
  try {
    // All that needs the network comes first: nothing in the cluster's own reaches the outside.
    const definitions = join(folder, 'definitions.json')
    const items = await fetchDefinitions()
    await writeFile(definitions, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    await classPathOf('s3')
    process.exitCode = await onCluster(() => runSuites(patterns.length > 0 ? patterns : SUITES, definitions))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** One that runs already is used and left as it is. */
async function onCluster(work: () => Promise<number>): Promise<number> {
  if (await isUp()) return work()
  const isFresh = !(await isThere(state))
  await cluster('up')
  try {
    return await work()
  } finally {
    await cluster('down', ...(isFresh ? ['--wipe'] : []))
  }
}

function runSuites(suites: readonly string[], definitions: string): Promise<number> {
  const quiet = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`)
  const limits = [`--test-timeout=${WITHIN_MS}`, '--test-concurrency=1', '--test-force-exit']
  const args = [process.execPath, ...quiet, '--test', ...limits, ...suites]
  return clusterCode(['exec', ...args], { SENTINEL_TEST_DEFINITIONS: definitions })
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
