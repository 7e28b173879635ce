import type { Command } from 'commander'
import { positive } from './options.ts'

/** What the people use who work on Sentinel itself. */
export function addDevelopingCommands(program: Command): void {
  program
    .command('bench <name>')
    .description(
      'run a benchmark: pipeline, cameras, tracking, triage, live, fanout, learn, log, database, scale, startup or coldstart',
    )
    .option('--json <file>', 'write its figures there')
    .option(
      '--count <number>',
      'cameras: how many, or to begin with (10); database: detections (1,000,000); coldstart: rounds (5)',
      positive,
    )
    .option('--minutes <minutes>', 'cameras: how long (2)', positive)
    .option('--max', 'cameras: add more until they are no longer served in time')
    .option('--tune', 'tracking: also look for better numbers on the cameras that are not reported')
    .option(
      '--log <url>',
      'log: kafka://…, by both clients, each beside a bare producer and consumer of its own; scale, coldstart: the broker to use',
    )
    .option('--quick', 'learn: one seed and fewer pictures; scale: on the embedded log alone')
    .action(async (name: string, { json, ...options }) => (await import('./bench.ts')).bench(name, json, options))

  program
    .command('generate', { hidden: true })
    .description('write the files that are made from code')
    .action(async () => (await import('./generate.ts')).generate())

  program
    .command('image <name>')
    .description(
      'make an image as an OCI archive, without a daemon: functions, frame-grabber, detect, trainer, api, or all',
    )
    .option('--out <folder>', 'of the archives', 'dist/images')
    .option('--revision <commit>', 'for its label')
    .option('--sbom', 'a bill of materials beside it (SPDX)')
    .option('--files', 'not an archive but its files, below a folder of its name')
    .option('--json', 'as JSON')
    .action(async (name: string, flags) => (await import('./image.ts')).makeImages(name, flags))

  program
    .command('test [patterns...]', { hidden: true })
    .description('run the test suites')
    .action(async (patterns: string[]) => (await import('./checks.ts')).test(patterns))

  program
    .command('test:production [patterns...]', { hidden: true })
    .description('start real servers, run the suites that need them, stop them')
    .option('--where-it-can', 'leave them out, and say so, without Java or without a way to fetch the servers')
    .action(async (patterns: string[], { whereItCan }: { whereItCan?: boolean }) =>
      (await import('./production.ts')).testProduction(patterns, whereItCan),
    )

  program
    .command('test:faults [patterns...]', { hidden: true })
    .description('attack real servers and processes, and count what is lost')
    .action(async (patterns: string[]) => (await import('./production.ts')).testFaults(patterns))

  program
    .command('test:cluster [patterns...]', { hidden: true })
    .description('apply deploy/ to a real Kubernetes, run the images on it, and attack them')
    .action(async (patterns: string[]) => (await import('./cluster.ts')).testCluster(patterns))

  program
    .command('validate', { hidden: true })
    .description('types, lint, format, generated files, import direction, unused exports')
    .action(async () => (await import('./checks.ts')).validate())

  program
    .command('pictures', { hidden: true })
    .description('make the pictures of the documentation')
    .action(async () =>
      (await import('../../tests/pictures/pictures.ts')).makePictures((text) => process.stderr.write(`${text}\n`)),
    )
}
