import { Command } from 'commander'
import { addBucketCommands } from '../../cli/buckets.ts'
import { addDeadLetterCommands } from '../../cli/dlq.ts'
import { addModelCommands } from '../../cli/models/commands.ts'
import { addMigrateCommand, addStartCommand } from '../../cli/running.ts'
import type { BuildDashboard } from '../../cli/start.ts'
import { addTopicCommands } from '../../cli/topics.ts'

const program = (): Command => new Command('sentinel').showHelpAfterError('(run with --help for what there is)')

/** What prepares the engines and looks after the log, as Jobs and by hand. */
export function preparing(): Command {
  const commands = program()
  addMigrateCommand(commands)
  addTopicCommands(commands)
  addBucketCommands(commands)
  addDeadLetterCommands(commands)
  return commands
}

export function aboutModels(): Command {
  const commands = program()
  addModelCommands(commands)
  return commands
}

export function serving(dashboard: BuildDashboard): Command {
  const commands = program()
  addStartCommand(commands, dashboard)
  return commands
}
