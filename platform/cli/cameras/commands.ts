import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { ImportReport } from '../../cameras/import.ts'
import type { CameraInput } from '../../cameras/input.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import { number } from '../options.ts'
import type { CameraRegistry, ListedCamera } from './registry.ts'

/** Of an import that left rows out, so that a script can tell it from one that failed. */
const SOME_REJECTED = 2

interface Flags {
  readonly dataDir: string
  readonly json?: boolean
}

/** `sentinel camera …`: the same whether Sentinel runs or not. */
export function addCameraCommands(program: Command): void {
  const camera = program.command('camera').description('the cameras of a data directory, whether Sentinel runs or not')
  const command = (usage: string, description: string): Command =>
    camera
      .command(usage)
      .description(description)
      .option('--data-dir <folder>', 'the data directory', '.sentinel')
      .option('--json', 'as JSON')
  command('list', 'every camera, by name').action((flags: Flags) => on(flags, (all) => all.list(), printCameras))
  command('add <name> <source>', 'a camera by its rtsp, rtsps, http or https URL')
    .option('--latitude <degrees>', 'north is positive', number)
    .option('--longitude <degrees>', 'east is positive', number)
    .option('--heading <degrees>', 'clockwise from north', number)
    .option('--fps <number>', 'frames a second to take', number)
    .option('--disabled', 'switched off for now')
    .action((name: string, source: string, { dataDir, json, disabled, ...place }: Flags & { disabled?: boolean }) => {
      const input: CameraInput = { name, source, enabled: !disabled, ...place }
      return on({ dataDir, json: json ?? false }, (all) => all.add(input), printCamera)
    })
  command('remove <id>', 'a camera; what it saw stays').action((id: string, flags: Flags) =>
    on(flags, (all) => all.remove(id), printCamera),
  )
  command('import <file>', 'a catalogue: JSON, CSV, OpenTrafficCamMap or Caltrans')
    .option('--enabled', 'switch the cameras on, whatever the catalogue says')
    .option('--disabled', 'switch them off')
    .addHelpText(
      'after',
      `\nExit code 0 when every row came in, ${SOME_REJECTED} when some were rejected, 1 when none came in.`,
    )
    .action(importFile)
}

async function on<T>(
  { dataDir, json }: Flags,
  work: (registry: CameraRegistry) => Promise<T>,
  print: (value: T) => void,
): Promise<void> {
  const { withRegistry } = await import('./registry.ts')
  const value = await withRegistry(dataDir, work)
  if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
  else print(value)
}

interface ImportFlags extends Flags {
  readonly enabled?: boolean
  readonly disabled?: boolean
}

async function importFile(file: string, { enabled, disabled, ...flags }: ImportFlags): Promise<void> {
  const catalogue = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read ${file}: ${messageOf(cause)}. Check the path.`, { cause })
  })
  const wanted = enabled ? true : disabled ? false : undefined
  const work = async (all: CameraRegistry): Promise<ImportReport> => {
    const report = await all.import(catalogue, wanted)
    if (report.rejected.length > 0) process.exitCode = SOME_REJECTED
    return report
  }
  await on(flags, work, printReport)
}

function printReport(report: ImportReport): void {
  process.stdout.write(
    reportLines(report)
      .map((line) => `${line}\n`)
      .join(''),
  )
}

/** What an import did, with at most so many of the rejected rows. */
export function reportLines(report: ImportReport, most = Number.POSITIVE_INFINITY): string[] {
  const { added, updated, unchanged, rejected } = report
  const more = rejected.length - most
  return [
    `Cameras: ${added} added, ${updated} updated, ${unchanged} unchanged, ${rejected.length} rejected.`,
    ...rejected.slice(0, most).map(({ row, reason }) => `  row ${row}: ${reason}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}

function printCameras(cameras: readonly ListedCamera[]): void {
  for (const camera of cameras) printCamera(camera)
  process.stderr.write(`${cameras.length} cameras.\n`)
}

function printCamera({ id, enabled, state, name, source }: ListedCamera): void {
  process.stdout.write(`${[id, enabled ? 'on' : 'off', state, name, source].join('  ')}\n`)
}
