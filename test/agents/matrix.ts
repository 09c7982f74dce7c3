import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningGateway } from '../support/running-gateway.ts'
import { startApprover } from './approver.ts'
import { happened, SECRET, type Cell } from './cells.ts'
import { readLedger, type Decided } from './decided.ts'
import type { Door } from './doors.ts'
import type { Step } from './model/script.ts'
import type { ScriptedModel } from './model/scripted-model.ts'
import type { AgentSession, RealAgent } from './real-agent.ts'
import { runsOf, type Run } from './runs.ts'

/** What came of one cell. */
export interface Seen {
  readonly happened: boolean
  readonly decided: readonly Decided[]
  /** Whether a secret reached the model, in any result of the run. */
  readonly leaked: boolean
  /** Whether the agent offered the tool to the model: what was never tried proves nothing. */
  readonly offered: boolean
}

export interface Bench {
  readonly gateway: RunningGateway
  readonly model: ScriptedModel
  readonly program: string
}

/** What came of all runs of one agent. */
export interface Played {
  readonly cells: ReadonlyMap<string, Seen>
  /** Names of all tools that it ever offered the model. */
  readonly offered: ReadonlySet<string>
}

export function keyOf<C extends string>(column: C, door: Door): `${C}/${Door}` {
  return `${column}/${door}`
}

/** All cells of one agent, each run by the real program. */
export async function playMatrix(bench: Bench, agent: RealAgent): Promise<Played> {
  const cells = new Map<string, Seen>()
  const offered = new Set<string>()
  const approver = startApprover(bench.gateway)
  const silent = createServer((socket) => {
    // Whoever waits there is ended.
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  for (const run of runsOf(agent, (mcp) => sessionOf(bench, agent, mcp), `http://127.0.0.1:${port}`)) {
    await play(bench, agent, run)
    note(bench, run, cells)
    for (const tool of bench.model.script.offered) offered.add(tool)
  }
  silent.close()
  await approver.stop()
  return { cells, offered }
}

function sessionOf(
  { gateway, model, program }: Bench,
  agent: RealAgent,
  mcp: AgentSession['mcp'],
): AgentSession {
  const home = join(gateway.home, `home-of-${agent.name}`)
  mkdirSync(home, { recursive: true })
  const url = new URL(gateway.agentUrl).origin
  return {
    program,
    home,
    workspace: gateway.workspace,
    modelUrl: model.url,
    gatewayUrl: url,
    // A hook that has a connection takes no token, which would be another task's.
    token: gateway.task().token,
    connectToken: gateway.task().token,
    mcp,
    ...(mcp === 'stdio' ? { connected: agent.name } : {}),
  }
}

/** How the model knows a sub-agent: by what it was told. */
const TOLD_SUB_AGENT = 'go on, sub-agent'

async function play(bench: Bench, agent: RealAgent, run: Run): Promise<void> {
  const { script } = bench.model
  const steps = (cells: readonly Cell[]): readonly Step[] => cells.map((cell) => cell.step)
  const delegating = run.ofSubAgent.length > 0 ? (agent.delegate?.(TOLD_SUB_AGENT) ?? []) : []
  script.play([...steps(run.cells), ...delegating.map((step) => ({ ...step, again: true }))], {
    opening: TOLD_SUB_AGENT,
    steps: steps(run.ofSubAgent),
  })
  const began = Date.now()
  const printed = await agent.run(run.session)
  const kept = process.env['REMIT_AGENTS_OUTPUT']
  if (kept === undefined) return
  const took = `${((Date.now() - began) / 1000).toFixed(1)} s`
  const text = [took, ...script.missing, ...script.seen, printed].join('\n')
  writeFileSync(join(kept, `${agent.name}-${run.name}.txt`), text)
}

function note({ gateway, model }: Bench, run: Run, seen: Map<string, Seen>): void {
  const ledger = readLedger(gateway)
  const results = model.script.seen
  for (const cell of [...run.cells, ...run.ofSubAgent]) {
    seen.set(keyOf(cell.column, cell.door), {
      happened: happened(cell, run.session.workspace, results),
      decided: ledger(cell.file),
      offered: model.script.played(cell.step),
      leaked: results.some((result) => result.includes(SECRET)),
    })
  }
}
