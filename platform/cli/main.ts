import { Command } from 'commander'
import { addBackupCommands } from './backup.ts'
import { addBucketCommands } from './buckets.ts'
import { addCameraCommands } from './cameras/commands.ts'
import { addCityCommands } from './city.ts'
import { addDatasetCommands } from './datasets/commands.ts'
import { addDevelopingCommands } from './developing.ts'
import { addDeadLetterCommands } from './dlq.ts'
import { addModelCommands } from './models/commands.ts'
import { addMigrateCommand, addRunCommand, addStartCommand } from './running.ts'
import { addTopicCommands } from './topics.ts'
import { addTrainCommands } from './training/commands.ts'
import { addTriageCommands } from './triage/commands.ts'
import { exitWith } from './trouble.ts'

const program = new Command('sentinel')
  .description('Traffic cameras in, live traffic knowledge out.')
  .showHelpAfterError('(run with --help for what there is)')

addStartCommand(program, async (say) => (await import('./dashboard.ts')).buildDashboard(say))
addRunCommand(program)
addMigrateCommand(program)
addTopicCommands(program)
addBucketCommands(program)
addBackupCommands(program)
addCameraCommands(program)
addModelCommands(program)
addDatasetCommands(program)
addTrainCommands(program)
addTriageCommands(program)
addDeadLetterCommands(program)
addCityCommands(program)
addDevelopingCommands(program)

program.parseAsync().then(() => process.disconnect?.(), exitWith)
