import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchDefinitions } from '../../tests/cluster/crds.ts'
import { cluster, clusterCode, importImages, isThere, isUp, state, whyNoCluster } from '../../tests/cluster/toolkit.ts'
import { classPathOf } from '../../tests/servers/java.ts'
import { ImageBuilder } from '../images/build.ts'
import { type ImageName, images } from '../images/contents.ts'
import { buildDashboard } from './dashboard.ts'

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
    const archives = await makeImages(folder)
    process.exitCode = await onCluster(async () => {
      for (const archive of archives) await importImages(archive)
      return runSuites(patterns.length > 0 ? patterns : SUITES, definitions)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Of this very tree. @returns their archives */
async function makeImages(out: string): Promise<string[]> {
  const builder = new ImageBuilder({ out, dashboard: () => buildDashboard(say) })
  const archives: string[] = []
  for (const name of Object.keys(images) as ImageName[]) {
    say(`Making ${name}…`)
    archives.push((await builder.build(name)).file)
  }
  return archives
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
