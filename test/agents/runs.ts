import { cellOf, type Cell } from './cells.ts'
import { isOfSubAgent, isWanted, type Column } from './columns.ts'
import { doorsOf, isMcp } from './doors.ts'
import type { AgentSession, RealAgent } from './real-agent.ts'

/** One run of the program, with all cells that it can hold. */
export interface Run {
  readonly name: string
  readonly session: AgentSession
  readonly cells: readonly Cell[]
  /** What a sub-agent does, which the agent starts when it has done the rest. */
  readonly ofSubAgent: readonly Cell[]
}

const ANSWERED = [
  'allow',
  'forbidden',
  'asked-yes',
  'asked-no',
  'secret',
  'sub-agent',
  'sub-agent-forbidden',
] as const satisfies readonly Column[]

/** @param silent URL at which nobody ever answers. @returns from the whole gateway to none. */
export function runsOf(
  agent: RealAgent,
  sessionOf: (mcp: AgentSession['mcp']) => AgentSession,
  silent: string,
): readonly Run[] {
  return (['stdio', 'http'] as const).flatMap((mcp) => {
    const whole = sessionOf(mcp)
    const nowhere = 'http://127.0.0.1:9'
    // The connection asks the gateway by itself; nobody hears who asks with the token.
    const { connected: _connected, ...withToken } = whole
    const unheard = { ...withToken, hookUrl: silent }
    return [
      ...runsIn(agent, whole, ANSWERED),
      ...runsIn(agent, { ...whole, gatewayUrl: nowhere, down: true }, ['down']),
      ...runsIn(agent, { ...unheard, deadline: 2 }, ['late']),
      ...runsIn(agent, { ...unheard, deadline: 4, hookTimeout: 1 }, ['timeout']),
    ]
  })
}

function runsIn(agent: RealAgent, session: AgentSession, columns: readonly Column[]): readonly Run[] {
  const wanted = columns.filter((column) => isWanted(column) && agent.cannot[column] === undefined)
  const cells = wanted.flatMap((column) => {
    const doors = doorsOf(session.mcp).map((door) => cellOf(agent, session, door, column))
    return doors.filter((cell) => cell !== undefined)
  })
  return together(agent, cells).map((some) => ({
    name: [some[0]?.column, ...(some.length === 1 ? [some[0]?.door] : []), session.mcp].join('-'),
    session,
    cells: some.filter(({ column }) => !isOfSubAgent(column)),
    ofSubAgent: some.filter(({ column }) => isOfSubAgent(column)),
  }))
}

/** As many cells a run as it lives to see. */
function together(agent: RealAgent, cells: readonly Cell[]): readonly (readonly Cell[])[] {
  if (agent.endsWhenRefused !== true) return cells.length === 0 ? [] : [cells]
  const others = cells.filter((cell) => !isRefusedAtHook(cell))
  const refused = cells.filter((cell) => isRefusedAtHook(cell)).map((cell) => [cell])
  return others.length === 0 ? refused : [others, ...refused]
}

/** A result that holds a secret, too, where the agent takes no other one. */
function isRefusedAtHook({ column, door }: Cell): boolean {
  if (column === 'late') return true
  return !isMcp(door) && !['allow', 'asked-yes', 'sub-agent', 'timeout'].includes(column)
}
