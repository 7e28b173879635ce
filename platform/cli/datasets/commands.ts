import type { Command } from 'commander'

/** `sentinel dataset …`: on the object store alone, whether Sentinel runs or not. */
export function addDatasetCommands(program: Command): void {
  const dataset = program.command('dataset').description('what models learn from, in versions that never change')
  const command = (usage: string, description: string): Command =>
    dataset
      .command(usage)
      .description(description)
      .option('--data-dir <folder>', 'the data directory', '.sentinel')
      .option('--json', 'as JSON')
  const look = () => import('./look.ts')
  const move = () => import('./move.ts')
  command('list', 'every version, the newest first').action(async (flags) => (await look()).list(flags))
  command('show <digest>', 'what a version is made of').action(async (digest: string, flags) =>
    (await look()).show(digest, flags),
  )
  command('diff <from> <to>', 'what came, went and changed from one version to another').action(
    async (from: string, to: string, flags) => (await look()).diff(from, to, flags),
  )
  command('verify <digest>', 'whether a version and all its pictures are as they were made').action(
    async (digest: string, flags) => (await look()).verify(digest, flags),
  )
  command('export <digest> <folder>', 'a version with its pictures, for other tools')
    .option('--format <format>', 'coco or yolo', 'coco')
    .action(async (digest: string, folder: string, flags) => (await move()).exportDataset(digest, folder, flags))
  command(
    'import <labels>',
    'what CVAT, Label Studio or Roboflow exported as COCO JSON or YOLO, or a folder with labels.jsonl',
  )
    .option('--images <folder>', 'where the pictures are, if not beside the labels')
    .option('--base', 'mix pictures of it into every later version, so that models do not forget them')
    .action(async (path: string, flags) => (await move()).importDataset(path, flags))
}
