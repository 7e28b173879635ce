import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Command } from 'commander'
import { root } from '../paths.ts'

/** Its programs run in processes of their own: they draw in a browser, for minutes or hours. */
const PROGRAMS = {
  render: 'city/render.ts',
  dataset: 'city/dataset.ts',
  export: 'city/export/export.ts',
} as const

/** The synthetic city that the demo's clips and the base detector's pictures come from. */
export function addCityCommands(program: Command): void {
  const city = program.command('city', { hidden: true }).description('draw the synthetic city')
  for (const [name, file] of Object.entries(PROGRAMS)) {
    city
      .command(`${name} [arguments...]`)
      .helpOption(false)
      .allowUnknownOption()
      .action((args: string[]) => runProgram(file, args))
  }
}

function runProgram(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, file), ...args], {
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      process.exitCode = code ?? 1
      resolve()
    })
  })
}
