import type { Command } from 'commander'
import { number } from '../options.ts'

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
  told(command('evaluate <model> <dataset>', 'average precision on labelled pictures, as COCO defines it'))
    .option('--images <folder>', 'of a COCO file, where they are not beside it')
    .option('--min-size <pixels>', 'boxes whose longer side is shorter are ignored', number, 0)
    .option('--min-visibility <share>', 'objects of which less can be seen are ignored', number, 0.3)
    .option('--score <score>', 'from which an operator sees a box; that of detect without this', number)
    .option('--by <group>', 'also by mood or camera')
    .option('--map <pairs>', 'classes of the data set that the model calls otherwise: van=car,…')
    .action(async (place: string, dataset: string, flags) =>
      (await import('./evaluate.ts')).evaluateModel(place, dataset, flags),
    )
  command('lineage <digest>', 'what a model comes from: trainings, datasets, verdicts, people').action(
    async (digest: string, flags) => (await import('./lineage.ts')).lineage(digest, flags),
  )
  command('promote <digest>', 'lets a stored model look at the cameras, by a commit')
    .option('--share <share>', 'of the cameras; below 1 it is a canary', number, 1)
    .option('--reason <text>', 'for the commit')
    .option('--force', 'also where its gates have not passed')
    .action(async (digest: string, flags) => (await import('./rollout.ts')).promote(digest, flags))
  command('rollback', 'takes the newest promotion back, by a commit that reverts it')
    .option('--reason <text>', 'for the commit')
    .action(async (flags) => (await import('./rollout.ts')).takeBack(flags))
  command('list', 'the stored models, which start --model takes by digest').action(async (flags) =>
    (await import('./list.ts')).listModels(flags),
  )
}
