import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { startSentinel } from '../support/sentinel.ts'

const MANY = 130

async function workplace(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-camera-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Rows 2 and 4 cannot be; the others can. */
async function catalogue(folder: string): Promise<string> {
  const good = Array.from({ length: MANY }, (_, n) => `Gate ${String(n).padStart(3, '0')},rtsp://h/${n},1,2`)
  const bad = [good[0], 'South,gopher://h/a,1,2', good[1], 'East,rtsp://h/e,100,2', ...good.slice(2)]
  const path = join(folder, 'cameras.csv')
  await writeFile(path, ['name,source,latitude,longitude', ...bad].join('\n'))
  return path
}

/** Starts Sentinel on the folder, or makes sure that none runs there. */
const STATES = {
  running: async (t: TestContext, folder: string) => {
    const sentinel = await startSentinel(['--port', '0', '--cameras', 'none', '--model', 'none', '--data-dir', folder])
    defer(t, () => sentinel.stop())
  },
  stopped: async () => {},
}

for (const [state, prepare] of Object.entries(STATES)) {
  describe(`sentinel camera, while Sentinel is ${state}`, () => {
    test('a catalogue comes in, bad rows with number and reason; then cameras are listed, added and removed', async (t) => {
      const folder = await workplace(t)
      const file = await catalogue(folder)
      const dir = ['--data-dir', join(folder, 'data')]
      await prepare(t, dir[1]!)

      const first = await runCli(['camera', 'import', file, '--disabled', ...dir])
      assert.match(first.stdout, new RegExp(`Cameras: ${MANY} added, 0 updated, 0 unchanged, 2 rejected`), first.stderr)
      assert.match(first.stdout, /row 2: .*rtsp:\/\/.*not with gopher:/)
      assert.match(first.stdout, /row 4: .*latitude lies between/)
      assert.equal(first.code, 2)

      const again = await runCli(['camera', 'import', file, '--json', ...dir])
      const { added, unchanged, rejected } = JSON.parse(again.stdout)
      assert.deepEqual([added, unchanged], [0, MANY])
      assert.deepEqual(
        rejected.map(({ row }: { row: number }) => row),
        [2, 4],
      )

      const made = await runCli([
        'camera',
        'add',
        'A bridge',
        'rtsp://me:hunter2@h/b',
        '--latitude',
        '48.5',
        '--disabled',
        '--json',
        ...dir,
      ])
      assert.equal(made.code, 0, made.stderr)
      const bridge = JSON.parse(made.stdout)
      const expected = { name: 'A bridge', source: 'rtsp://h/b', enabled: false, state: 'unknown', latitude: 48.5 }
      assert.deepEqual(bridge, { id: 'a-bridge', ...expected, longitude: null })

      const listed = JSON.parse((await runCli(['camera', 'list', '--json', ...dir])).stdout)
      assert.equal(listed.length, MANY + 1)
      assert.deepEqual(listed[0], bridge)
      assert.equal(listed.at(-1).name, `Gate ${MANY - 1}`)

      assert.equal((await runCli(['camera', 'remove', bridge.id, ...dir])).code, 0)
      const missing = await runCli(['camera', 'remove', bridge.id, ...dir])
      assert.match(missing.stderr, /There is no camera a-bridge/)
      assert.equal(missing.code, 1)
    })

    test('what cannot be is told, with exit code 1', async (t) => {
      const folder = await workplace(t)
      const dir = ['--data-dir', join(folder, 'data')]
      await prepare(t, dir[1]!)
      await writeFile(join(folder, 'nonsense.json'), '{"a":')
      const refused: [string[], RegExp][] = [
        [['import', join(folder, 'nonsense.json')], /not valid JSON/],
        [['import', join(folder, 'none.json')], /Cannot read .*none\.json.*Check the path/],
        [['add', 'Files', '/etc/passwd'], /only through the --cameras file/],
        [['add', 'North', 'rtsp://h/1', '--latitude', 'north'], /not a number/],
      ]
      for (const [args, reason] of refused) {
        const { code, stderr } = await runCli(['camera', ...args, ...dir])
        assert.match(stderr, reason)
        assert.equal(code, 1)
      }
      const gold = await runCli(['triage', 'gold', 'add', 'nobody', ...dir])
      assert.match(gold.stderr, /There is no triage item nobody/)
      assert.equal(gold.code, 1)
    })
  })
}

test('sentinel camera says so while Sentinel is still starting', async (t) => {
  const folder = await workplace(t)
  const { takeDataDirectory } = await import('../../platform/hosts/local/data-directory.ts')
  const directory = await takeDataDirectory(folder)
  defer(t, directory.release)
  const { code, stderr } = await runCli(['camera', 'list', '--data-dir', folder])
  assert.match(stderr, /is starting or stopping. Try again/)
  assert.equal(code, 1)
})
