import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { FileObjects } from '../../adapters/objects-files.ts'
import { readEnvironment } from '../../env.ts'
import { adapters, openPlace } from '../../hosts/adapters.ts'
import { Settings } from '../../hosts/local/settings.ts'
import type { ObjectStore } from '../../ports/objects.ts'

export interface PlaceFlags {
  readonly dataDir: string
  readonly json?: boolean
}

const ObjectSettings = Settings.pick({ objects: true })

/** The object store of a data directory, or the one that SENTINEL_OBJECTS names. */
export async function openObjects(dataDir: string): Promise<ObjectStore> {
  const { objects } = readEnvironment(ObjectSettings, process.env)
  return objects ? openPlace('objects', adapters, objects) : new FileObjects(join(resolve(dataDir), 'objects'))
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** Lines of columns, each as wide as its widest cell. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}\n`,
    )
  }
}

/** Works with a folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-model-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
