import git from 'isomorphic-git'
import type { Change, Commit, RemoteState } from '../../ports/repository.ts'
import { say } from '../../said.ts'
import { durableFiles as fs } from './durable-files.ts'
import { impatientHttp } from './http.ts'
import { troubleWith } from './trouble.ts'

export interface Remote {
  /** http or https, without credentials. */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Seconds without a byte after which it counts as gone. */
  readonly timeout: number
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
/** How often somebody else may be faster. */
const MOST_ATTEMPTS = 4

/** Takes what is new, lays what was done here onto it, and sends that. */
export async function exchange(remote: Remote, local: Local): Promise<RemoteState> {
  try {
    return (await settle(remote, local)) ?? { state: 'current', message: '', told: [] }
  } catch (error) {
    const { text: message, told } = troubleWith(remote.url, error)
    return { state: 'waiting', message, told }
  }
}

/** @returns what could not be kept. */
async function settle(remote: Remote, local: Local): Promise<RemoteState | undefined> {
  let conflict: RemoteState | undefined
  for (let attempt = 1; ; attempt++) {
    const theirs = await fetched(remote, local)
    conflict = (await meet(local, theirs)) ?? conflict
    if ((await local.headId()) === theirs) return conflict
    try {
      await send(remote, local)
      return conflict
    } catch (error) {
      // Somebody else was faster: once more, on top of theirs.
      if (attempt === MOST_ATTEMPTS || (await tipOf(remote, local)) === theirs) throw error
    }
  }
}

async function fetched(remote: Remote, local: Local): Promise<string | undefined> {
  const { gitdir, branch } = local
  const { url } = remote
  await git.addRemote({ fs, gitdir, remote: REMOTE, url, force: true })
  const theirs = await tipOf(remote, local)
  if (theirs === undefined) return undefined
  const what = { ref: branch, singleBranch: true, tags: false }
  await git.fetch({ fs, gitdir, url, remote: REMOTE, ...what, ...connection(remote) })
  return theirs
}

async function tipOf(remote: Remote, { branch }: Local): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`
  const known = await git.listServerRefs({ url: remote.url, prefix: ref, ...connection(remote) })
  return known.find((each) => each.ref === ref)?.oid
}

async function send(remote: Remote, { gitdir, branch }: Local): Promise<void> {
  const { url } = remote
  await git.push({ fs, gitdir, url, remote: REMOTE, ref: branch, remoteRef: branch, ...connection(remote) })
}

function connection({ username, password, timeout }: Remote) {
  const http = impatientHttp(timeout * 1000)
  if (username === undefined) return { http }
  return { http, onAuth: () => ({ username, password: password ?? '' }) }
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

/** Where the remote left the file as it was, our commits go on top of its own; otherwise its word counts, which may be ours too. */
async function layOnto(local: Local, ours: string, theirs: string): Promise<RemoteState | undefined> {
  const { gitdir } = local
  const [base] = (await git.findMergeBase({ fs, gitdir, oids: [ours, theirs] })) as string[]
  const before = base === undefined ? undefined : (await local.read(base)).text
  const now = (await local.read(theirs)).text
  const isSame = now === (await local.read(ours)).text
  if (now !== before && !isSame) return setAside(local, ours, theirs)
  let onto = theirs
  for (const { text, message, author, at } of isSame ? [] : await unsent(local, ours, base)) {
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
  const { text: message, told } = say('git.setAside', { ref })
  return { state: 'conflict', message, told }
}
