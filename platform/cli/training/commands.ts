import type { Command } from 'commander'
import { positive } from '../options.ts'

/** `sentinel train …` */
export function addTrainCommands(program: Command): void {
  const train = program.command('train').description('teach the model what people have certified, here or elsewhere')
  const command = (usage: string, description: string): Command =>
    train
      .command(usage)
      .description(description)
      .option('--data-dir <folder>', 'the data directory', '.sentinel')
      .option('--json', 'as JSON')
  command('start', 'on this machine, on all that is certified now')
    .option('--method <method>', 'last, head or whole; the deepest that the model allows without it')
    .action(async (flags) => (await import('./start.ts')).start(flags))
  command('full <folder>', 'on another machine, by the base detector’s own recipe: writes all it needs')
    .option('--images <count>', 'pictures to see', positive, 20_000)
    .action(async (folder: string, flags) => (await import('./full.ts')).handOver(folder, flags))
  command('finish <folder>', 'takes the model that came of it, with what it was made of').action(
    async (folder: string, flags) => (await import('./full.ts')).finish(folder, flags),
  )
  command(
    'job <run> [options...]',
    'all of a training by full, in one go: its id, or next for the oldest that waits for a Job; options of train.py come after --',
  )
    .option('--folder <folder>', 'where it works; with what is there it goes on', 'job')
    .option('--recipe <folder>', 'detector/ of the repository, if not that of this one')
    .option('--look-every <seconds>', 'how often to look whether somebody has cancelled it', positive, 30)
    .action(async (run: string, options: string[], flags) => (await import('./job.ts')).runJob(run, options, flags))
}
