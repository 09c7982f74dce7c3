import { expect } from 'vitest'
import type { Column } from './columns.ts'
import { isMcp, type Door } from './doors.ts'
import type { Seen } from './matrix.ts'
import type { RealAgent } from './real-agent.ts'

type Check = (seen: Seen, door: Door, agent: RealAgent) => void

const effects = ({ decided }: Seen): readonly string[] => decided.map((each) => each.effect)
const doorOn = (door: Door): string => (isMcp(door) ? 'mcp' : 'hook')

const allowed: Check = (seen, door) => {
  expect(seen).toMatchObject({ happened: true, decided: [{ effect: 'allow', door: doorOn(door) }] })
}

const denied: Check = (seen, door) => {
  expect(seen).toMatchObject({ happened: false, decided: [{ effect: 'deny', door: doorOn(door) }] })
}

/** Tried, and neither done nor decided: the hook's client or the agent itself refused. */
const refusedUnheard: Check = (seen) => {
  expect(seen).toMatchObject({ happened: false, decided: [], offered: true })
}

/** A child task acted where the agent tells whose a call is, and the agent's own task where it does not. */
const ofSubAgent: Check = ({ decided }, door, { tellsSubAgents }) => {
  expect(decided.map(({ depth }) => depth)).toEqual([tellsSubAgents ? 1 : 0])
  // The protocol of MCP says nothing of sub-agents.
  if (tellsSubAgents && !isMcp(door)) expect(decided[0]?.session).toMatch(/.\/./)
}

/** What must be true of a cell of each column: of the disk and of the ledger, never of the agent's words. */
export const CHECKS: Readonly<Record<Column, Check>> = {
  allow: allowed,
  forbidden: denied,
  'asked-yes': (seen) => {
    expect(seen.happened).toBe(true)
    expect([effects(seen)[0], effects(seen).at(-1)]).toEqual(['consent', 'allow'])
    expect(effects(seen).filter((effect) => effect === 'allow')).toHaveLength(1)
  },
  'asked-no': (seen) => {
    expect(seen.happened).toBe(false)
    expect(effects(seen)[0]).toBe('consent')
    expect(effects(seen)).not.toContain('allow')
  },
  secret: (seen) => {
    expect(effects(seen)).toEqual(['allow'])
    expect(seen.leaked).toBe(false)
  },
  'sub-agent': (seen, door, agent) => {
    allowed(seen, door, agent)
    ofSubAgent(seen, door, agent)
  },
  'sub-agent-forbidden': (seen, door, agent) => {
    denied(seen, door, agent)
    ofSubAgent(seen, door, agent)
  },
  down: (seen, door) => {
    // Without a gateway there are none of its tools.
    expect(seen).toMatchObject({ happened: false, decided: [], offered: !isMcp(door) })
  },
  late: refusedUnheard,
  timeout: (seen, door, agent) => {
    if (agent.onHookTimeout !== 'runs') refusedUnheard(seen, door, agent)
    else if (isMcp(door)) denied(seen, door, agent)
    else expect(seen).toMatchObject({ happened: true, decided: [] })
  },
}
