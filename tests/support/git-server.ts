import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { defer, type Scope } from './defer.ts'

const run = promisify(execFile)
const PERSON = ['-c', 'user.name=Bob', '-c', 'user.email=bob@h.invalid', '-c', 'commit.gpgsign=false']

/** Set to why no test here can run a Git server; false where they can. */
export const noGit = canServe() ? false : 'no git http-backend on this machine'

interface GitServerOptions {
  /** Without it anybody may push. */
  readonly login?: { readonly username: string; readonly password: string }
}

/** A real Git over HTTP, as it lies behind any web server, with one empty repository; all gone after the test. */
export async function startGitServer(t: Scope, { login }: GitServerOptions = {}) {
  const home = await mkdtemp(join(tmpdir(), 'sentinel-git-server-'))
  defer(t, () => rm(home, { recursive: true, force: true }))
  const directory = join(home, 'deploy.git')
  await git(home, 'init', '-q', '--bare', '-b', 'main', directory)
  await git(directory, 'config', 'http.receivepack', 'true')
  let mood: 'well' | 'silent' | 'failing' = 'well'
  let beforePush: (() => Promise<unknown>) | undefined
  const server = createServer(async (request, response) => {
    if (mood === 'silent') return
    if (mood === 'failing') return void response.writeHead(503).end()
    if (login && request.headers.authorization !== basic(login))
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    const first = request.url!.endsWith('git-receive-pack') ? beforePush : undefined
    if (first) {
      beforePush = undefined
      await first()
    }
    await serve(home, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  defer(t, () => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deploy.git`
  return {
    url,
    directory,
    /** `silent`: it takes connections and never answers. */
    become: (now: typeof mood) => {
      mood = now
      server.closeAllConnections()
    },
    /** Once, when the next push has been announced. */
    beforeNextPush: (work: () => Promise<unknown>) => {
      beforePush = work
    },
    /** What `git` prints in the repository. */
    git: (...args: string[]) => git(directory, ...args),
    /** A person changes a file with Git alone. */
    commitByHand: (path: string, text: string) => commitByHand(home, directory, path, text),
  }
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await run('git', args, { cwd })).stdout
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

async function commitByHand(home: string, directory: string, path: string, text: string): Promise<void> {
  const clone = await mkdtemp(join(home, 'clone-'))
  await git(home, 'clone', '-q', directory, clone)
  await mkdir(dirname(join(clone, path)), { recursive: true })
  await writeFile(join(clone, path), text)
  await git(clone, 'add', '-A')
  await git(clone, ...PERSON, 'commit', '-q', '-m', `Change ${path} by hand`)
  await git(clone, 'push', '-q', 'origin', 'HEAD:main')
}

/** One request, by the protocol between web servers and programs (RFC 3875). */
async function serve(home: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url!, 'http://h')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: home,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      HTTP_GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(child.stdin)
  const answer = await buffer(child.stdout)
  const end = answer.indexOf('\r\n\r\n')
  const headers = answer
    .subarray(0, end)
    .toString()
    .split('\r\n')
    .map((line) => line.split(/: (.*)/s) as [string, string])
  const status = Number.parseInt(headers.find(([name]) => name === 'Status')?.[1] ?? '200', 10)
  response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
  response.end(answer.subarray(end + 4))
}

function canServe(): boolean {
  try {
    return execFileSync('git', ['--list-cmds=main'], { encoding: 'utf8' }).includes('http-backend')
  } catch {
    return false
  }
}
