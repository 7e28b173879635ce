import type { Command } from 'commander'

/** `sentinel model …` */
export function addModelCommands(program: Command): void {
  const model = program.command('model').description('detectors: what they are, how good they are, and which there are')
  const command = (usage: string, description: string): Command =>
    model
      .command(usage)
      .description(description)
      .option('--data-dir <folder>', 'the data directory', '.sentinel')
      .option('--json', 'as JSON')
  const told = (each: Command): Command =>
    each
      .option('--names <file>', 'its class names, one a line')
      .option('--side <file>', 'what it does not say itself, as JSON; <model>.json beside it without this')
  told(command('inspect <model>', 'what is understood of a file or a stored model, and why')).action(
    async (place: string, flags) => (await import('./inspect.ts')).inspect(place, flags),
  )
  told(command('add <file>', 'checks a file or the URL of one, runs it on a picture, and stores it by its digest'))
    .option('--name <name>', 'what people call it; the name of its file without this')
    .option('--sha256 <digest>', 'refuse it unless this is its digest')
    .option('--picture <file>', 'a JPEG to run it on; a grey one without this')
    .action(async (place: string, flags) => (await import('./add.ts')).addModel(place, flags))
  command('list', 'the stored models, which start --model takes by digest').action(async (flags) =>
    (await import('./list.ts')).listModels(flags),
  )
}
