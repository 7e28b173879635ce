import git from 'isomorphic-git'
import http from 'isomorphic-git/http/node'
import { messageOf } from '../../errors.ts'
import type { Change, Commit, RemoteState } from '../../ports/repository.ts'
import { durableFiles as fs } from './durable-files.ts'

export interface Remote {
  /** http or https, without credentials. */
  readonly url: string
  readonly username?: string
  readonly password?: string
}

/** What an exchange may do with the repository here, whose lock it holds. */
export interface Local {
  readonly gitdir: string
  readonly branch: string
  headId(): Promise<string | undefined>
  read(id: string): Promise<Commit>
  write(change: Change): Promise<string>
  moveTo(id: string): Promise<void>
}

const REMOTE = 'origin'
/** More commits than that have not been made here since the last exchange. */
const MOST_UNSENT = 1000

/** Takes what is new, lays what was done here onto it, and sends that. */
export async function exchange(remote: Remote, local: Local): Promise<RemoteState> {
  try {
    const theirs = await fetched(remote, local)
    const conflict = await meet(local, theirs)
    if ((await local.headId()) !== theirs) await send(remote, local)
    return conflict ?? { state: 'current', message: '' }
  } catch (error) {
    const why = messageOf(error)
    const message = `The Git remote ${remote.url} was not reached: ${why}. What runs here stays; it is tried again.`
    return { state: 'unreachable', message }
  }
}

async function fetched({ url, ...login }: Remote, { gitdir, branch }: Local): Promise<string | undefined> {
  await git.addRemote({ fs, gitdir, remote: REMOTE, url, force: true })
  const known = await git.listServerRefs({ http, url, prefix: `refs/heads/${branch}`, ...auth(login) })
  const theirs = known.find(({ ref }) => ref === `refs/heads/${branch}`)?.oid
  if (theirs === undefined) return undefined
  await git.fetch({
    fs,
    http,
    gitdir,
    url,
    remote: REMOTE,
    ref: branch,
    singleBranch: true,
    tags: false,
    ...auth(login),
  })
  return theirs
}

async function send({ url, ...login }: Remote, { gitdir, branch }: Local): Promise<void> {
  const sent = await git.push({ fs, http, gitdir, url, remote: REMOTE, ref: branch, remoteRef: branch, ...auth(login) })
  if (sent.ok) return
  throw new Error(`it refused the push (${sent.error ?? 'it does not say why'})`)
}

function auth({ username, password }: Omit<Remote, 'url'>) {
  if (username === undefined) return {}
  return { onAuth: () => ({ username, password: password ?? '' }) }
}

/** Brings the branch here to a commit that the remote one can be moved to. @returns what could not be kept. */
async function meet(local: Local, theirs: string | undefined): Promise<RemoteState | undefined> {
  const { gitdir } = local
  const ours = await local.headId()
  if (theirs === undefined || ours === theirs) return undefined
  if (ours === undefined || (await git.isDescendent({ fs, gitdir, oid: theirs, ancestor: ours, depth: -1 }))) {
    await local.moveTo(theirs)
    return undefined
  }
  if (await git.isDescendent({ fs, gitdir, oid: ours, ancestor: theirs, depth: -1 })) return undefined
  return layOnto(local, ours, theirs)
}

/** Where the remote left the file as it was, our commits go on top of its own; otherwise its word counts. */
async function layOnto(local: Local, ours: string, theirs: string): Promise<RemoteState | undefined> {
  const { gitdir } = local
  const [base] = (await git.findMergeBase({ fs, gitdir, oids: [ours, theirs] })) as string[]
  const before = base === undefined ? undefined : (await local.read(base)).text
  if ((await local.read(theirs)).text !== before) return setAside(local, ours, theirs)
  let onto = theirs
  for (const { text, message, author, at } of await unsent(local, ours, base)) {
    onto = await local.write({ onto, text: text ?? '', message, author, at })
  }
  await local.moveTo(onto)
  return undefined
}

/** The oldest first. */
async function unsent(local: Local, ours: string, base: string | undefined): Promise<Commit[]> {
  const commits: Commit[] = []
  for (let id: string | undefined = ours; id !== base && id !== undefined && commits.length < MOST_UNSENT; ) {
    const commit: Commit = await local.read(id)
    commits.unshift(commit)
    id = commit.parent
  }
  return commits
}

async function setAside({ gitdir, moveTo }: Local, ours: string, theirs: string): Promise<RemoteState> {
  const ref = `refs/sentinel/set-aside/${ours.slice(0, 12)}`
  await git.writeRef({ fs, gitdir, ref, value: ours, force: true })
  await moveTo(theirs)
  const message = `Somebody else changed in the Git remote what is to run, while a change was made here too. Theirs counts; the one made here is kept as ${ref}. Promote again what should run.`
  return { state: 'conflict', message }
}
