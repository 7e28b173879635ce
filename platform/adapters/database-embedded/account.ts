import { chown, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** `nobody` on every Linux and macOS: PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65534, gid: 65534 }

export interface Account {
  readonly uid?: number
  readonly gid?: number
}

/** Who runs the server: this user, or nobody when this user is root. */
export function serverAccount(): Account {
  return process.getuid?.() === 0 ? NOBODY : {}
}

export async function giveTo(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

/** Whether a folder can be reached by an account that owns nothing on the way, as under another user's closed home. */
export async function isReachable(directory: string, { uid }: Account): Promise<boolean> {
  if (uid === undefined) return true
  for (let path = directory; ; path = dirname(path)) {
    const { mode, uid: owner } = await stat(path)
    const bit = owner === uid ? 0o100 : 0o001
    if ((mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}
