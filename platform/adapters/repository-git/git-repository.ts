import git from 'isomorphic-git'
import { SentinelError } from '../../errors.ts'
import type { Change, Commit, RemoteState, Repository } from '../../ports/repository.ts'
import { durableFiles as fs } from './durable-files.ts'
import { exchange, type Remote } from './remote.ts'
import { textAt, treeWith } from './trees.ts'

export interface GitOptions {
  /** Of the bare repository, which is made where there is none. */
  readonly directory: string
  readonly branch?: string
  /** Of the file that says what is to run. */
  readonly path?: string
  readonly remote?: Remote | undefined
}

const PATH = 'deploy/model/kustomization.yaml'

/** A bare Git repository, readable and writable with any other Git too. */
export class GitRepository implements Repository {
  readonly #gitdir: string
  readonly #branch: string
  readonly #path: string
  readonly #remote: Remote | undefined
  /** One change after another. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor({ directory, branch = 'main', path = PATH, remote }: GitOptions) {
    this.#gitdir = directory
    this.#branch = branch
    this.#path = path
    this.#remote = remote
  }

  static async open(options: GitOptions): Promise<GitRepository> {
    const repository = new GitRepository(options)
    const defaultBranch = repository.#branch
    await git.init({ fs, gitdir: options.directory, bare: true, defaultBranch })
    return repository
  }

  async head(): Promise<Commit | undefined> {
    const id = await this.#headId()
    return id === undefined ? undefined : this.#read(id)
  }

  async history(max: number): Promise<Commit[]> {
    const commits: Commit[] = []
    for (let id = await this.#headId(); id !== undefined && commits.length < max; id = commits.at(-1)!.parent) {
      commits.push(await this.#read(id))
    }
    return commits
  }

  commit(change: Change): Promise<Commit> {
    return this.#alone(async () => {
      if ((await this.#headId()) !== change.onto) throw changedMeanwhile()
      const id = await this.#write(change)
      await this.#moveTo(id)
      return this.#read(id)
    })
  }

  synchronise(): Promise<RemoteState> {
    const remote = this.#remote
    if (!remote) return Promise.resolve({ state: 'none', message: '', told: [] })
    return this.#alone(() =>
      exchange(remote, {
        gitdir: this.#gitdir,
        branch: this.#branch,
        headId: () => this.#headId(),
        read: (id) => this.#read(id),
        write: (change) => this.#write(change),
        moveTo: (id) => this.#moveTo(id),
      }),
    )
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }

  async #write({ onto, text, message, author: name, at }: Change): Promise<string> {
    const tree = await treeWith({ gitdir: this.#gitdir }, onto, this.#path, text)
    const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@sentinel.invalid`
    const person = { name, email, timestamp: Math.floor(at / 1000), timezoneOffset: 0 }
    const commit = { message: `${message}\n`, tree, parent: onto ? [onto] : [], author: person, committer: person }
    return git.writeCommit({ fs, gitdir: this.#gitdir, commit })
  }

  async #moveTo(id: string): Promise<void> {
    await git.writeRef({ fs, gitdir: this.#gitdir, ref: `refs/heads/${this.#branch}`, value: id, force: true })
  }

  async #headId(): Promise<string | undefined> {
    try {
      return await git.resolveRef({ fs, gitdir: this.#gitdir, ref: `refs/heads/${this.#branch}` })
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) return undefined
      throw error
    }
  }

  async #read(id: string): Promise<Commit> {
    const { commit } = await git.readCommit({ fs, gitdir: this.#gitdir, oid: id })
    return {
      id,
      parent: commit.parent[0],
      message: commit.message.trimEnd(),
      author: commit.author.name,
      at: commit.author.timestamp * 1000,
      text: await textAt({ gitdir: this.#gitdir }, id, this.#path),
    }
  }
}

function changedMeanwhile(): SentinelError {
  return new SentinelError('CONFLICT', 'Somebody else has just changed what is to run. Look again, then decide anew.')
}
