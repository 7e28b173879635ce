import git from 'isomorphic-git'
import { durableFiles as fs } from './durable-files.ts'

interface Place {
  readonly gitdir: string
}

type Entries = Awaited<ReturnType<typeof git.readTree>>['tree']

/** Writes a commit's tree anew with one file changed; everything else in it stays. @returns the new tree's id. */
export async function treeWith(
  { gitdir }: Place,
  commit: string | undefined,
  path: string,
  text: string,
): Promise<string> {
  const blob = await git.writeBlob({ fs, gitdir, blob: Buffer.from(text) })
  return put(gitdir, commit, path.split('/'), [], blob)
}

async function put(
  gitdir: string,
  commit: string | undefined,
  [name, ...rest]: readonly string[],
  above: readonly string[],
  blob: string,
): Promise<string> {
  const entries = commit === undefined ? [] : await entriesAt(gitdir, commit, above.join('/'))
  const others = entries.filter(({ path }) => path !== name)
  const entry =
    rest.length === 0
      ? { mode: '100644', path: name!, oid: blob, type: 'blob' as const }
      : {
          ...{ mode: '040000', path: name!, type: 'tree' as const },
          oid: await put(gitdir, commit, rest, [...above, name!], blob),
        }
  return git.writeTree({ fs, gitdir, tree: [...others, entry] })
}

/** None where there is no such folder yet. */
async function entriesAt(gitdir: string, commit: string, filepath: string): Promise<Entries> {
  try {
    return (await git.readTree({ fs, gitdir, oid: commit, ...(filepath && { filepath }) })).tree
  } catch (error) {
    if (error instanceof git.Errors.NotFoundError) return []
    throw error
  }
}

/** Undefined where the commit has no such file. */
export async function textAt({ gitdir }: Place, commit: string, filepath: string): Promise<string | undefined> {
  try {
    const { blob } = await git.readBlob({ fs, gitdir, oid: commit, filepath })
    return Buffer.from(blob).toString()
  } catch (error) {
    if (error instanceof git.Errors.NotFoundError) return undefined
    throw error
  }
}
