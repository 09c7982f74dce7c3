import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { startApprover } from './approver.ts'
import { cellOf, happened, plantSeed, SECRET, type Cell } from './cells.ts'
import { readLedger, type Decided } from './decided.ts'
import type { Door } from './doors.ts'
import { documentedHooks } from './documented-hooks.ts'
import { CLAUDE_CODE } from './drivers/claude-code.ts'
import { CODEX } from './drivers/codex.ts'
import { installAgent } from './installed-agent.ts'
import { Script, type Asked, type Chosen, type Mind, type Step } from './model/script.ts'
import { serveModel } from './model/scripted-model.ts'
import type { AgentSession, RealAgent } from './real-agent.ts'

/** What came of one act. */
interface Seen {
  readonly happened: boolean
  readonly decided: readonly Decided[]
  /** Every result that the model saw in that run. */
  readonly results: readonly string[]
}

/** How an agent is set up, and what it is to do. */
interface Play extends Pick<AgentSession, 'mcp' | 'deadline' | 'permissions' | 'hooks'> {
  readonly columns: readonly string[]
  readonly doors?: readonly Door[]
  /** What its model does beside that, first. */
  readonly first?: readonly Step[]
}

const DOORS = ['shell', 'edit', 'read'] as const satisfies readonly Door[]
const COLUMNS = ['allow', 'forbidden', 'asked-yes', 'asked-no', 'secret'] as const

/** Does as it is told, and does something to the gateway before the agent hears of an act with that name. */
class Meddler implements Mind {
  readonly script = new Script()
  readonly #before: ReadonlyMap<string, () => void>

  constructor(before: ReadonlyMap<string, () => void> = new Map()) {
    this.#before = before
  }

  next(asked: Asked): Chosen {
    const chosen = this.script.next(asked)
    const said = JSON.stringify(chosen)
    for (const [name, meddle] of this.#before) if (said.includes(`${name}-`)) meddle()
    return chosen
  }
}

async function playOver(
  gateway: RunningGateway,
  { agent, program, mind }: { readonly agent: RealAgent; readonly program: string; readonly mind: Meddler },
  { columns, doors = DOORS, first = [], ...how }: Play,
): Promise<ReadonlyMap<string, Seen>> {
  const model = await serveModel(mind)
  const home = join(gateway.home, `home-of-${agent.name}`)
  mkdirSync(home, { recursive: true })
  const { token } = gateway.task()
  const gatewayUrl = new URL(gateway.agentUrl).origin
  const session: AgentSession = {
    program,
    home,
    workspace: gateway.workspace,
    modelUrl: model.url,
    gatewayUrl,
    token: how.mcp === 'http' ? token : 'none is needed',
    connectToken: token,
    hooks: documentedHooks(agent.name),
    ...how,
  }
  const cells = columns
    .flatMap((column) => doors.map((door) => cellOf(agent, session, door, column)))
    .filter((cell): cell is Cell => cell !== undefined)
  mind.script.play([...first, ...cells.map(({ step }) => step)])
  await agent.run(session)
  model.close()
  const results = [...mind.script.seen]
  const ledger = readLedger(gateway)
  return new Map(
    cells.map((cell) => [
      `${cell.column}/${cell.door}`,
      {
        happened: happened(cell, session.workspace, results),
        decided: ledger(cell.file),
        results,
      },
    ]),
  )
}

/** A model that asks in place of its runtime. */
const MADE_UP: Step = {
  tool: 'remit_authorize',
  args: {
    agent: 'claude-code',
    hook_event_name: 'PreToolUse',
    tool_name: 'Write',
    tool_use_id: 'toolu_made_up',
    tool_input: '{"file_path":"made-up-asked.txt","content":""}',
  },
}

/** Without hooks, asked where its own rules would ask a human. */
const PROMPTED: Play = {
  mcp: 'stdio',
  columns: ['allow-prompt', 'forbidden-prompt'],
  doors: ['edit'],
  hooks: {},
  permissions: ['--permission-prompt-tool', 'mcp__remit__remit_authorize'],
}

const POLICIES = [join(ROOT, 'policies', 'coding-agent'), join(ROOT, 'test', 'agents', 'policy')]
const started: RunningGateway[] = []
async function start(): Promise<RunningGateway> {
  const gateway = await startGateway({
    config: () => 'servers: {}\nconsent: { hold: 40s }\nhooks: { hold: 40s, listed: true }',
    policies: POLICIES,
  })
  started.push(gateway)
  plantSeed(gateway.workspace)
  return gateway
}
afterAll(async () => {
  for (const gateway of started) await gateway.remove()
})

/** Uses of tools whose result has the words; agents send a result again and again. */
function usesWith(words: string, results: readonly string[]): number {
  const of = results.filter((result) => result.includes(words))
  return new Set(of.map((result) => /"(?:tool_use_id|call_id)":"([^"]+)"/.exec(result)?.[1])).size
}

describe.each([CLAUDE_CODE, CODEX])('R-AGT-1: $name $version asks over its connection', (agent) => {
  const cells = new Map<string, Seen>()
  let missing: string | undefined
  let madeUp: readonly Decided[] = []
  beforeAll(async () => {
    const installed = installAgent(agent)
    if ('missing' in installed) {
      missing = installed.missing
      return
    }
    const { program } = installed
    const note = (suffix: string, seen: ReadonlyMap<string, Seen>): void => {
      for (const [name, each] of seen) cells.set(`${name}${suffix}`, each)
    }
    const gateway = await start()
    const approver = startApprover(gateway)
    const whole = { agent, program, mind: new Meddler() }
    note('', await playOver(gateway, whole, { mcp: 'stdio', columns: COLUMNS }))
    const overHttp = { mcp: 'http', columns: ['allow-http', 'forbidden-http'] } as const
    note('', await playOver(gateway, whole, overHttp))
    const byModel = { mcp: 'stdio', columns: ['by-model'], doors: ['shell'], first: [MADE_UP] } as const
    note('', await playOver(gateway, whole, byModel))
    madeUp = readLedger(gateway)('made-up-asked')
    if (agent === CLAUDE_CODE) note('', await playOver(gateway, whole, PROMPTED))
    await approver.stop()
    const frail = await start()
    const meddling = new Map([
      ['late', () => frail.child.kill('SIGSTOP')],
      ['down', () => frail.child.kill('SIGKILL')],
    ])
    const end = { mcp: 'stdio', columns: ['allow', 'late', 'down'], doors: ['shell'], deadline: 6 } as const
    const mind = new Meddler(meddling)
    const seen = await playOver(frail, { agent, program, mind }, end)
    note('-end', seen)
  })

  function cell(name: string, skip: (why: string) => void): Seen {
    if (missing !== undefined) skip(missing)
    const seen = cells.get(name)
    if (seen === undefined) skip(`${agent.name} has no tool for ${name}`)
    return seen ?? { happened: false, decided: [], results: [] }
  }
  const effects = ({ decided }: Seen): readonly string[] => decided.map(({ effect }) => effect)

  for (const door of DOORS) {
    for (const suffix of ['', '-http']) {
      test(`${door}${suffix}: what is allowed happens, and was decided once`, ({ skip }) => {
        const seen = cell(`allow${suffix}/${door}`, skip)
        expect(seen).toMatchObject({ happened: true, decided: [{ effect: 'allow', door: 'hook' }] })
      })

      test(`${door}${suffix}: what is denied does not happen`, ({ skip }) => {
        const seen = cell(`forbidden${suffix}/${door}`, skip)
        expect(seen).toMatchObject({ happened: false, decided: [{ effect: 'deny', door: 'hook' }] })
      })
    }

    test(`${door}: what a human agrees to happens, once`, ({ skip }) => {
      const seen = cell(`asked-yes/${door}`, skip)
      expect(seen.happened).toBe(true)
      expect(effects(seen)[0]).toBe('consent')
      expect(effects(seen).filter((effect) => effect === 'allow')).toHaveLength(1)
    })

    test(`${door}: what a human refuses does not happen`, ({ skip }) => {
      const seen = cell(`asked-no/${door}`, skip)
      expect(seen.happened).toBe(false)
      expect(effects(seen)).not.toContain('allow')
    })

    test(`${door}: a secret in a result does not reach the model`, ({ skip }) => {
      const seen = cell(`secret/${door}`, skip)
      expect(effects(seen)).toEqual(['allow'])
      expect(seen.results.filter((result) => result.includes(SECRET))).toEqual([])
    })
  }

  test('a model that asks in place of the runtime gains nothing', ({ skip }) => {
    const { happened: went, decided, results } = cell('by-model/shell', skip)
    // Codex is not shown the tool at all, and its model gives up.
    expect(went).toBe(agent === CLAUDE_CODE)
    expect(decided).toHaveLength(agent === CLAUDE_CODE ? 1 : 0)
    const refused = agent === CLAUDE_CODE ? 1 : 0
    expect(usesWith('calling it does nothing', results)).toBe(refused)
    expect(madeUp.map(({ door, effect }) => `${effect} at ${door}`)).toEqual(
      refused === 0 ? [] : ['deny at mcp'],
    )
  })

  test.runIf(agent === CLAUDE_CODE)('a permission prompt is answered', ({ skip }) => {
    expect(cell('allow-prompt/edit', skip)).toMatchObject({ happened: true, decided: [{ effect: 'allow' }] })
    expect(cell('forbidden-prompt/edit', skip)).toMatchObject({
      happened: false,
      decided: [{ effect: 'deny' }],
    })
  })

  test('nothing happens when the gateway falls silent, or ends, in the middle', ({ skip }) => {
    expect(cell('allow/shell-end', skip).happened).toBe(true)
    expect(cell('late/shell-end', skip)).toMatchObject({ happened: false })
    const { happened: went, results } = cell('down/shell-end', skip)
    expect(went).toBe(false)
    expect(usesWith('Remit gateway failed', results)).toBe(2)
  })
})
