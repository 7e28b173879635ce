import { SentinelError } from '../errors.ts'

const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/
const MAX_LENGTH = 500

export function isObjectKey(key: string): boolean {
  return KEY.test(key) && key.length <= MAX_LENGTH
}

/** @throws SentinelError `NOT_FOUND` for a key that could leave its bucket: there can be no such object. */
export function mustBeObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new SentinelError('NOT_FOUND', `${JSON.stringify(key)} is no key of an object`)
}
