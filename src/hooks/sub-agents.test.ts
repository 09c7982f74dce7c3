import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { byAlice, byMona, NEVER, showing, useGate } from '../../test/support/gate-harness.ts'
import { ROOT } from '../../test/support/running-gateway.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'
import { SILENT } from '../core/log.ts'
import { DEFAULT_TENANT, type TaskId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Caller } from '../gate/gate.ts'
import { createSubAgents, type SubAgents } from '../gate/sub-agents/sub-agents.ts'
import { MOST_SUB_AGENTS } from '../gate/sub-agents/start-sub-agent.ts'
import { loadPolicySet } from '../policy/load-policy-set.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { ADAPTERS } from './adapters.ts'
import { createHookAnswers, type HookAnswer } from './answer-hook.ts'

const h = useGate()
const DOCS = readFileSync(join(ROOT, 'docs', 'hooks.md'), 'utf8')
const KEY = 'A'.repeat(43)

/** A gateway's hook door over the harness's store; another one = another replica, or the same after a restart. */
class HookedAgent {
  readonly subAgents: SubAgents
  readonly #answers
  readonly #connection: Caller
  readonly #agent: string
  #uses = 0

  constructor(connection: Caller, agent = 'claude-code') {
    this.#connection = connection
    this.#agent = agent
    this.subAgents = createSubAgents(h().deps)
    this.#answers = createHookAnswers({
      gate: h().gate,
      subAgents: this.subAgents,
      presence: { heard: () => {}, ranUnasked: () => {}, cameHere: () => true },
      log: SILENT,
      clock: h().deps.clock,
      fileSystem: 'shared',
      hold: 0,
      newRequestId: () => 'req_1',
    })
  }

  async tell(payload: JsonObject): Promise<HookAnswer> {
    const adapter = ADAPTERS.get(this.#agent)
    if (adapter === undefined) throw new Error(`no adapter for ${this.#agent}`)
    return this.#answers.answer(adapter, { cwd: h().workspace, ...payload }, async () => ({
      adapter,
      caller: this.#connection,
      gateway: 'remit',
      signal: NEVER,
    }))
  }

  /** Claude Code's payload before a tool. */
  before(tool: string, input: JsonObject, more: JsonObject = {}): Promise<HookAnswer> {
    return this.tell({
      session_id: 's1',
      hook_event_name: 'PreToolUse',
      tool_name: tool,
      tool_input: input,
      tool_use_id: `use-${String(++this.#uses)}`,
      ...more,
    })
  }

  read(more: JsonObject): Promise<HookAnswer> {
    return this.before('Read', { file_path: `${h().workspace}/src/a.ts` }, more)
  }

  /** The agent starts a sub-agent, to which a maintainer agrees. */
  async startAgent(type: string, more: JsonObject = {}): Promise<void> {
    const input = { description: 'look', prompt: 'look around', subagent_type: type }
    await this.before('Agent', input, more)
    await agreeToAll()
    const again = await this.before('Agent', input, more)
    if (again.refused) throw again.error
  }
}

async function agreeToAll(): Promise<number> {
  const pending = await h().administration.listApprovals(byMona, { state: 'pending', limit: 10 })
  for (const { id } of pending) await h().administration.approve(byMona, id, {})
  return pending.length
}

/** The connection of an agent whose task a key holds, or nobody does. */
async function connection(holder = KEY, more: JsonObject = {}): Promise<Caller> {
  const { token } = await h().administration.createTask(byAlice, {
    workflow: 'fix-tests',
    intent: 'mend the tests',
    workspace: h().workspace,
    ...(holder === '' ? {} : { holder }),
    ...more,
  })
  return h().gate.identify(token, holder === '' ? undefined : showing(holder))
}

/** The default pack, and the rule about sub-agents that the documentation has. */
async function withRuleOfDocs(): Promise<PolicySet> {
  const [, rule = ''] = /```cedar\n(\s*@id\("explorers-only-read"\)[^]*?)```/.exec(DOCS) ?? []
  const folder = join(h().workspace, 'policies')
  mkdirSync(folder)
  writeFileSync(join(folder, 'explorers.cedar'), rule)
  return loadPolicySet({
    folders: [join(ROOT, 'policies', 'coding-agent'), folder],
    schemaFile: join(ROOT, 'policies', 'remit.cedarschema'),
    ...parsedBefore(),
  })
}

const own = (use?: string) => ({
  name: 'fs__read',
  arguments: { path: 'a' },
  ...(use === undefined ? {} : { use }),
})
const SUB = { agent_id: 'a1', agent_type: 'general-purpose' }
const children = (of: Caller) => h().store.tasks.children(DEFAULT_TENANT, of.chain.task.id)
const reason = (answer: HookAnswer): string => (answer.refused ? answer.error.message : '')

async function recorded(kind: string) {
  const records = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 1_000 })
  return records
    .map(({ envelope }) => envelope)
    .filter((each) => each.kind === kind)
    .toReversed()
}

describe('R-AGT-1, R-ID-3: a sub-agent acts as a child of its agent’s task', () => {
  test('made with the one decision that let it begin, and named by its type', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    await agent.tell({ hook_event_name: 'SubagentStart', session_id: 's1', ...SUB })
    expect(await agent.read(SUB)).toMatchObject({ refused: false })
    const [child, ...more] = await children(caller)
    expect(more).toEqual([])
    expect(child).toMatchObject({
      agent: { id: 'general-purpose', kind: caller.chain.task.agent.kind },
      intent: 'sub-agent `general-purpose` of: mend the tests',
      origin: 'parent-task',
      expires: caller.chain.task.expires,
      subAgent: { runtime: 'claude-code', id: 'a1' },
    })
    const decisions = await recorded('decision')
    expect(decisions.map(({ call }) => call?.tool)).toEqual(['Agent', 'Agent', 'Read'])
    expect(decisions.at(-1)?.identity?.chain).toEqual([caller.chain.task.id, child?.id])
    expect((await recorded('task.created')).at(-1)?.data).toMatchObject({ decision: decisions[1]?.id })
  })

  test('what it does counts for its agent’s task, whose budget it draws on', async () => {
    const caller = await connection(KEY, { budget: { calls: 2 } })
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    expect(await agent.read(SUB)).toMatchObject({ refused: false })
    expect(reason(await agent.read({ ...SUB, tool_use_id: 'two' }))).toContain('budget')
    expect(reason(await agent.read({ tool_use_id: 'three' }))).toContain('budget')
  })

  test('policy allows less to a type of it, by the rule in docs/hooks.md', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('Explore')
    await agent.startAgent('general-purpose')
    h().policies = await withRuleOfDocs()
    const explorer = { agent_id: 'a1', agent_type: 'Explore' }
    const write = (more: JsonObject) =>
      agent.before('Write', { file_path: `${h().workspace}/src/a.ts`, content: 'b' }, more)
    expect(await agent.read(explorer)).toMatchObject({ refused: false })
    expect(reason(await write(explorer))).toContain('a sub-agent that explores does not write')
    expect(await write({ ...SUB, agent_id: 'a2' })).toMatchObject({ refused: false })
    expect(await write({ tool_use_id: 'own' })).toMatchObject({ refused: false })
  })

  test('its end completes the child; heard of again it begins anew, by a decision of its own', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    await agent.read(SUB)
    await agent.tell({ hook_event_name: 'SubagentStop', session_id: 's1', ...SUB })
    expect(await children(caller)).toMatchObject([{ completed: { by: expect.any(String) as string } }])
    const again = await agent.read(SUB)
    expect(reason(again)).toMatch(/the sub-agent `a1` may not begin.*is pending/s)
    expect(await agreeToAll()).toBe(1)
    expect(await agent.read(SUB)).toMatchObject({ refused: false })
    expect(await children(caller)).toHaveLength(2)
  })

  test('of two first calls at once one child is made, and a human is asked once', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    const both = () =>
      Promise.all([agent.read({ ...SUB, tool_use_id: '1' }), agent.read({ ...SUB, tool_use_id: '2' })])
    expect((await both()).map((each) => each.refused)).toEqual([true, true])
    expect(await agreeToAll()).toBe(1)
    expect((await both()).map((each) => each.refused)).toEqual([false, false])
    expect(await children(caller)).toHaveLength(1)
  })

  test('after a restart, and at another replica, it is the same child', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    await agent.read(SUB)
    expect(await new HookedAgent(caller).read(SUB)).toMatchObject({ refused: false })
    expect(await children(caller)).toHaveLength(1)
    const begun = () => new HookedAgent(caller).read({ agent_id: 'b1' })
    await begun()
    await agreeToAll()
    await Promise.all([begun(), begun()])
    expect(await children(caller)).toHaveLength(2)
  })

  test('one that was started by a sub-agent is a child of that one, told or not, five deep at most', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    const ids = ['a1', 'a2', 'a3', 'a4', 'a5']
    let by: JsonObject = {}
    const answers: HookAnswer[] = []
    for (const id of ids) {
      await agent.startAgent(`type-${id}`, by)
      by = { agent_id: id, agent_type: `type-${id}` }
      answers.push(await agent.read(by))
    }
    expect(answers.map((each) => each.refused)).toEqual([false, false, false, false, true])
    expect(answers.slice(-1).map(reason)).toEqual([expect.stringContaining('delegated 4 times at most')])
    const deepest = (await recorded('decision')).findLast(({ call }) => call?.tool === 'Read')
    expect(deepest?.identity?.chain).toHaveLength(5)
  })

  test('Copilot CLI says who started it, and of what the agent started itself that it was the session', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller, 'copilot-cli')
    const told = (agentId: string, parentAgentId: string): JsonObject => ({
      sessionId: agentId,
      agentId,
      parentAgentId,
      agentType: 'explore',
    })
    const task = { toolName: 'task', toolArgs: { agent_type: 'explore', prompt: 'look' } }
    const view = { toolName: 'view', toolArgs: { path: `${h().workspace}/src/a.ts` } }
    const allowed = async (payload: JsonObject) => {
      if ((await agent.tell(payload)).refused) await agreeToAll()
      expect(await agent.tell(payload)).toMatchObject({ refused: false })
    }
    await allowed({ sessionId: 'root', ...task })
    await allowed({ ...told('a1', 'root'), ...view })
    await allowed({ ...told('a1', 'root'), ...task })
    await allowed({ ...told('a2', 'a1'), ...view })
    const chains = (await recorded('decision')).map(({ identity }) => identity?.chain.length)
    expect(chains.at(-1)).toBe(3)
    await agent.tell({ ...told('a2', 'a1'), sessionId: 'x', stop_hook_active: false })
    expect(await recorded('task.completed')).toHaveLength(1)
  })
})

describe('R-AGT-1: a sub-agent’s calls of the gateway’s own tools', () => {
  test('are its own, by the agent’s id of the use, until the use is over', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    const mcp = { mcp_server: { name: 'remit' }, tool_use_id: 'toolu_1' }
    const input = { path: 'a' }
    expect(await agent.before('mcp__remit__fs__read', input, { ...mcp, ...SUB })).toMatchObject({
      refused: false,
    })
    const acting = await agent.subAgents.callerOfUse(caller, own('toolu_1'))
    expect(acting.chain).toMatchObject({
      task: { agent: { id: 'general-purpose' } },
      ancestors: [{ id: caller.chain.task.id }],
    })
    expect(acting).toMatchObject({ holderBound: true, hooked: true })
    expect(await agent.subAgents.callerOfUse(caller, own('toolu_2'))).toBe(caller)
    const other = await connection()
    expect(await agent.subAgents.callerOfUse(other, own('toolu_1'))).toBe(other)
    await agent.tell({
      session_id: 's1',
      hook_event_name: 'PostToolUse',
      tool_name: 'mcp__remit__fs__read',
      tool_input: input,
      tool_response: {},
      ...mcp,
      ...SUB,
    })
    expect(await agent.subAgents.callerOfUse(caller, own('toolu_1'))).toBe(caller)
  })

  test('of an agent that gives its calls no id, the next one of that tool with those arguments', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller, 'opencode')
    const told = { event: 'before', sessionID: 'root', callID: 'c1' }
    const start = { ...told, tool: 'task', args: { subagent_type: 'general', prompt: 'look' } }
    await agent.tell(start)
    await agreeToAll()
    await agent.tell(start)
    const use = { ...told, subAgent: 'ses_2', server: 'remit', tool: 'fs__read', args: { path: 'a' } }
    expect(await agent.tell(use)).toMatchObject({ refused: false })
    expect(await agent.subAgents.callerOfUse(caller, { ...own(), arguments: { path: 'b' } })).toBe(caller)
    expect((await agent.subAgents.callerOfUse(caller, own())).chain.task.agent.id).toBe('general')
    expect(await agent.subAgents.callerOfUse(caller, own())).toBe(caller)
    await agent.tell(use)
    h().now += 3_600_000
    expect(await agent.subAgents.callerOfUse(caller, own())).toBe(caller)
  })

  test('are refused once it has ended, and do not fall to its agent', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    await agent.before(
      'mcp__remit__fs__read',
      {},
      { mcp_server: { name: 'remit' }, tool_use_id: 'u', ...SUB },
    )
    await agent.tell({ hook_event_name: 'SubagentStop', session_id: 's1', ...SUB })
    await expect(agent.subAgents.callerOfUse(caller, own('u'))).rejects.toMatchObject({ code: 'call_denied' })
  })
})

describe('R-SEC-1, R-ID-3: attacks by what a runtime tells of sub-agents', () => {
  test('of a task that may not delegate, nothing of a sub-agent runs, and it is told why', async () => {
    const caller = await connection('')
    const agent = new HookedAgent(caller)
    const start = { hook_event_name: 'SubagentStart', session_id: 's1', ...SUB }
    await expect(agent.tell(start)).rejects.toMatchObject({ code: 'call_denied' })
    const answer = await agent.read(SUB)
    expect(reason(answer)).toMatch(/the sub-agent `a1` may not begin.*`remit connect`/s)
    expect(await children(caller)).toEqual([])
  })

  test('the id of another agent’s sub-agent is nothing to whoever names it', async () => {
    const owner = await connection()
    const agent = new HookedAgent(owner)
    await agent.startAgent('general-purpose')
    await agent.read(SUB)
    const thief = await connection('B'.repeat(43))
    const stranger = new HookedAgent(thief)
    expect(reason(await stranger.read(SUB))).toContain('may not begin')
    await stranger.tell({ hook_event_name: 'SubagentStop', session_id: 's1', ...SUB })
    expect((await children(owner))[0]?.completed).toBeUndefined()
  })

  test('ids that are made up end at a bound', async () => {
    const caller = await connection()
    const { task } = caller.chain
    const agent = new HookedAgent(caller)
    const { id: _own, ...like } = task
    await h().store.journal.commit({
      records: [],
      changes: Array.from({ length: MOST_SUB_AGENTS }, (_, at) => ({
        kind: 'insert-task' as const,
        task: {
          ...like,
          id: `tsk_${at}` as TaskId,
          parent: task.id,
          subAgent: { runtime: 'claude-code', id: `made-up-${at}` },
        },
      })),
    })
    expect(reason(await agent.read(SUB))).toContain(`has had ${MOST_SUB_AGENTS} sub-agents`)
    expect(await h().administration.listApprovals(byMona, { state: 'pending', limit: 10 })).toEqual([])
    expect(reason(await agent.read({ agent_id: 'x'.repeat(257) }))).toContain('at most 256 characters')
  })

  test('it has no token, whoever asks, and ends with its agent', async () => {
    const caller = await connection()
    const agent = new HookedAgent(caller)
    await agent.startAgent('general-purpose')
    await agent.read(SUB)
    const [child] = await children(caller)
    const id = child?.id ?? ('' as TaskId)
    const alice = { ...byAlice, credential: 'approver' as const }
    for (const ask of [h().administration.issueToken(alice, id), h().administration.renewTask(alice, id)]) {
      await expect(ask).rejects.toMatchObject({
        code: 'input_invalid',
        message: expect.stringContaining('has no token') as string,
      })
    }
    await h().administration.revokeTask(byAlice, caller.chain.task.id, 'over')
    expect(reason(await agent.read(SUB))).toContain('was revoked')
  })
})
