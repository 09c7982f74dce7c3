import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningGateway } from '../support/running-gateway.ts'
import { startApprover } from './approver.ts'
import { cellOf, happened, SECRET, type Cell, type Column, type Door } from './cells.ts'
import { readLedger, type Decided } from './decided.ts'
import type { ScriptedModel } from './model/scripted-model.ts'
import type { AgentSession, RealAgent } from './real-agent.ts'

const COLUMNS = ['allow', 'forbidden', 'asked-yes', 'asked-no', 'secret'] as const satisfies readonly Column[]
/** The MCP door last: where the gateway cannot be reached, the agent has none of its tools, and the script ends. */
const DOORS = ['shell', 'edit', 'read', 'mcp'] as const satisfies readonly Door[]

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

/** One run of the program, and where its cells are written down. */
interface Run {
  readonly session: AgentSession
  readonly cells: readonly Cell[]
  /** Behind each name of a cell. */
  readonly suffix: string
}

/** All cells of one agent, by `column/door` (`mcp` over stdio, `mcp-http` over HTTP), each run by the real program. */
export async function playMatrix(bench: Bench, agent: RealAgent): Promise<ReadonlyMap<string, Seen>> {
  const seen = new Map<string, Seen>()
  const approver = startApprover(bench.gateway)
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  for (const run of runsOf(bench, agent, `http://127.0.0.1:${port}`)) await play(bench, agent, run, seen)
  silent.close()
  await approver.stop()
  return seen
}

/** @param silent URL at which nobody ever answers. */
function runsOf(bench: Bench, agent: RealAgent, silent: string): readonly Run[] {
  const stdio = sessionOf(bench, agent, 'stdio')
  const http = sessionOf(bench, agent, 'http')
  const down = { ...sessionOf(bench, agent, 'stdio'), gatewayUrl: 'http://127.0.0.1:9', down: true as const }
  const late = { ...sessionOf(bench, agent, 'none'), gatewayUrl: silent, deadline: 2 }
  const all = (session: AgentSession, suffix: string): readonly Cell[] =>
    COLUMNS.flatMap((column) => cellsOf(agent, session, `${column}${suffix}`))
  return [
    { session: stdio, cells: all(stdio, ''), suffix: '' },
    { session: http, cells: all(http, '-http').filter(({ door }) => door === 'mcp'), suffix: '-http' },
    { session: down, cells: cellsOf(agent, down, 'down'), suffix: '' },
    { session: late, cells: cellsOf(agent, late, 'late').filter(({ door }) => door !== 'mcp'), suffix: '' },
  ]
}

function sessionOf(
  { gateway, model, program }: Bench,
  agent: RealAgent,
  mcp: AgentSession['mcp'],
): AgentSession {
  const home = join(gateway.home, `home-of-${agent.name}`)
  mkdirSync(home, { recursive: true })
  return {
    program,
    home,
    workspace: gateway.workspace,
    modelUrl: model.url,
    gatewayUrl: new URL(gateway.agentUrl).origin,
    token: gateway.task().token,
    connectToken: gateway.task().token,
    mcp,
  }
}

function cellsOf(agent: RealAgent, session: AgentSession, column: string): readonly Cell[] {
  return DOORS.map((door) => cellOf(agent, session, door, column)).filter((cell) => cell !== undefined)
}

async function play(bench: Bench, agent: RealAgent, run: Run, seen: Map<string, Seen>): Promise<void> {
  const { script } = bench.model
  script.play(run.cells.map((cell) => cell.step))
  const printed = await agent.run(run.session)
  const kept = process.env['REMIT_AGENTS_OUTPUT']
  if (kept !== undefined) {
    const column = run.cells[0]?.column ?? 'none'
    const text = [...script.missing, ...script.seen, printed].join('\n')
    writeFileSync(join(kept, `${agent.name}-${column}.txt`), text)
  }
  note(bench, run, seen)
}

function note({ gateway, model }: Bench, { session, cells, suffix }: Run, seen: Map<string, Seen>): void {
  const ledger = readLedger(gateway)
  const results = model.script.seen
  for (const cell of cells) {
    const column = suffix === '' ? cell.column : cell.column.replace(suffix, '')
    seen.set(`${column}/${cell.door}${suffix}`, {
      happened: happened(cell, session.workspace, results),
      decided: ledger(cell.file),
      offered: 'tool' in cell.step && !model.script.missing.some((each) => each.startsWith(toolOf(cell))),
      leaked: results.some((result) => result.includes(SECRET)),
    })
  }
}

function toolOf({ step }: Cell): string {
  return 'tool' in step ? `${step.tool} ` : ''
}
