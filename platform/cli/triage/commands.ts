import type { Command } from 'commander'

/** `sentinel triage …` */
export function addTriageCommands(program: Command): void {
  const gold = program
    .command('triage')
    .description('the queue of frames that people judge')
    .command('gold')
    .description('items whose boxes are known, hidden among the others: they score those who judge them')
  const command = (usage: string, description: string): Command =>
    gold
      .command(usage)
      .description(description)
      .option('--data-dir <folder>', 'the data directory', '.sentinel')
      .option('--json', 'as JSON')
  command('add <item>', 'hides an item as one whose boxes are known')
    .option('--boxes <file>', 'all that is in it, as JSON: [{"class": "car", "box": [x, y, width, height]}], 0..1')
    .action(async (item: string, flags) => (await import('./gold.ts')).add(item, flags))
  command('list', 'those there are, the newest first').action(async (flags) => (await import('./gold.ts')).list(flags))
  command('remove <item>', 'makes it an item like any other').action(async (item: string, flags) =>
    (await import('./gold.ts')).remove(item, flags),
  )
}
