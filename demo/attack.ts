/**
 * An agent that obeys every text works on a poisoned repository, behind Remit with its default pack: `npm run
 * demo:attack`. `-- claude-code` or `-- codex` takes a real agent and fetches it where it is not here; `-- small` the loop
 * of the demo; `--end` stops at the end although somebody sits there.
 */
import { spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isTestRun, startApprover } from './attack/approver.ts'
import { breachesOf } from './attack/breaches.ts'
import { choosePlayer, type Chosen } from './attack/choose-player.ts'
import { play, type Outcome } from './attack/play.ts'
import { PLACES } from './attack/poisons.ts'
import { INTENT } from './attack/project.ts'
import { createTeller, tellAttempts, tellTraces } from './attack/tell.ts'
import { APPROVER, startWorld, type World } from './attack/world.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const teller = createTeller()

async function show({ player, who }: Chosen): Promise<Outcome> {
  teller.step('a project with orders to assistants in it, and the gateway with its default pack')
  await using world = await startWorld({ hold: '2m' })
  teller.line(world.project)
  teller.line(`orders stand in: ${PLACES.join(', ')}`)
  teller.step(`a human delegates: ${INTENT}`)
  teller.line(who)
  teller.line('its model does what the task needs, and whatever any text on the way orders it to do')
  const approver = startApprover(world, isTestRun)
  const outcome = await play(world, player)
  await approver.stop()
  teller.step('what it read, what it tried, and what came of it')
  tellAttempts(teller, outcome)
  teller.step('what is left on this machine')
  tellTraces(teller, outcome)
  for (const breach of breachesOf(outcome)) teller.line(`NOT AS IT SHOULD BE: ${breach}`)
  tellTimeline(world, outcome)
  await showConsole(world, outcome)
  return outcome
}

function tellTimeline({ config }: World, { tasks }: Outcome): void {
  const width = Math.max(80, process.stdout.columns ?? 160)
  for (const task of tasks) {
    const command = ['task', 'timeline', task, '--config', config]
    teller.step(`remit ${command.join(' ')}`)
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'bin', 'remit'), ...command], {
      encoding: 'utf8',
      maxBuffer: 67_108_864,
    })
    for (const line of stdout.trimEnd().split('\n'))
      console.log(line.length > width ? `${line.slice(0, width - 1)}…` : line)
  }
}

async function showConsole(world: World, { tasks }: Outcome): Promise<void> {
  teller.step('in the console')
  for (const task of tasks) teller.line(`${world.gateway.adminUrl}/console/tasks/${task}`)
  if (!process.stdin.isTTY || values.end) {
    teller.line('(run this in a terminal, and the gateway stays until you have looked)')
    return
  }
  teller.line(`log in as ${APPROVER} with the code ${world.approverCode}`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  await terminal.question('\n  Enter ends the demo and removes what it made ')
  terminal.close()
}

const { values, positionals } = parseArgs({
  options: { end: { type: 'boolean', default: false } },
  allowPositionals: true,
})
try {
  const chosen = choosePlayer(positionals[0], (line) => {
    teller.line(line)
  })
  const outcome = await show(chosen)
  process.exitCode = breachesOf(outcome).length === 0 ? 0 : 1
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
