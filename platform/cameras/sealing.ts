import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { SentinelError } from '../errors.ts'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16
export const KEY_BYTES = 32

/** Keeps source URLs that hold credentials unreadable in the database: AES-256-GCM, stored as IV, tag, ciphertext. */
export class Sealing {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) {
      throw new SentinelError('CONFIGURATION_INVALID', `SENTINEL_SECRET_KEY must be ${KEY_BYTES} bytes in base64`)
    }
    this.#key = key
  }

  seal(text: string): Buffer {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#key, iv)
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body])
  }

  /** Whether the text is what was sealed. What another key sealed cannot be read, so it is never the same. */
  holds(sealed: Uint8Array, text: string): boolean {
    try {
      return this.open(sealed) === text
    } catch {
      return false
    }
  }

  /** @throws SentinelError `CONFIGURATION_INVALID` when it was sealed with another key. */
  open(sealed: Uint8Array): string {
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, IV_BYTES))
      decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch (cause) {
      throw new SentinelError(
        'CONFIGURATION_INVALID',
        'A camera source was sealed with another key. Set SENTINEL_SECRET_KEY to the key of that time, or enter the source again.',
        { cause },
      )
    }
  }
}
