import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DIGEST, NEVER, SERVER, byAlice, useGate } from '../../test/support/gate-harness.ts'
import { RemitError } from '../core/errors.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import { createGate } from './create-gate.ts'
import type { Caller } from './gate.ts'

const h = useGate()

describe('deciding', () => {
  test('R-POL-1 R-AUD-1: an allowed call and its outcome are recorded with who, what and why', async () => {
    const caller = await h().callerOf()
    const verdict = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    expect(verdict.effect).toBe('allow')
    await h().gate.settle(verdict.decisionId, {
      status: 'ok',
      micros: 5,
      bytes: 10,
      result: { content: [{ type: 'text', text: 'a' }] },
    })
    const [outcome, decision] = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 2 })
    expect(decision).toMatchObject({
      envelope: {
        kind: 'decision',
        id: verdict.decisionId,
        protection: 'advisory',
        identity: {
          human: 'alice',
          task: caller.chain.task.id,
          chain: [caller.chain.task.id],
          workflow: 'fix-tests',
          environment: { claimed: 'laptop', proved: false },
        },
        call: { door: 'mcp', server: 'filesystem', tool: 'read_text_file' },
        decision: { effect: 'allow', policyHash: h().policies.hash },
      },
      detail: {
        intent: 'mend the tests',
        operations: [{ action: 'tool.call' }, { action: 'file.read', resource: { id: 'src/a.ts' } }],
        human: { roles: ['member'] },
      },
      payload: { arguments: { path: join(h().workspace, 'src/a.ts') } },
    })
    expect(outcome).toMatchObject({
      envelope: { kind: 'outcome', id: verdict.decisionId, outcome: { status: 'ok' } },
      payload: { result: { content: [{ text: 'a' }] } },
    })
  })

  test('R-POL-2: a secret is denied with words on which the agent can act', async () => {
    const verdict = await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
    expect(verdict.effect).toBe('deny')
    const message = verdict.effect === 'deny' ? verdict.error.message : ''
    expect(message).toContain('denied:')
    expect(message).toContain('rule `')
  })

  test('R-POL-4: a policy engine that fails denies, and the error is on record', async () => {
    h().policies = {
      ...h().policies,
      decide: () => {
        throw new Error('broken')
      },
    }
    const verdict = await h().gate.authorize(await h().callerOf(), h().read('src/a.ts'), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny', decision: { errors: [{ message: 'broken' }] } })
    expect(await h().kinds()).toEqual(['task.created', 'decision'])
  })

  test('R-AUD-2: nothing is allowed when the record cannot be written', async () => {
    const caller = await h().callerOf()
    const broken = createGate({
      ...h().deps,
      journal: { commit: () => Promise.reject(new RemitError('ledger_unavailable', 'the disk is full')) },
    })
    await expect(broken.authorize(caller, h().read('src/a.ts'), NEVER)).rejects.toMatchObject({
      code: 'ledger_unavailable',
    })
  })

  test('R-SEC-1: remit-control is denied whatever the scope says', async () => {
    const caller = await h().callerOf({ scope: { paths: ['**'] } })
    const verdict = await h().gate.authorize(caller, h().write('.remit/keys/task.pem'), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny' })
    expect(verdict.decision.policies).toContain('remit:control')
  })

  test('R-ID-2: what lies outside the scope of the task is denied, and the reason says so', async () => {
    const caller = await h().callerOf({ scope: { paths: ['docs/**'] } })
    const verdict = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny', decision: { policies: ['remit:scope'] } })
  })

  test('R-ID-2: a spent budget denies', async () => {
    const caller = await h().callerOf({ budget: { calls: 1 } })
    const first = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    const second = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    expect([first.effect, second.effect]).toEqual(['allow', 'deny'])
  })

  test('R-SEC-1: a tool whose definition changed since it was pinned is denied', async () => {
    const caller = await h().callerOf()
    h().pinned = false
    const verdict = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    expect(verdict.effect).toBe('deny')
  })

  test('R-AUD-1: a second outcome of one decision is not recorded', async () => {
    const verdict = await h().gate.authorize(await h().callerOf(), h().read('src/a.ts'), NEVER)
    const outcome = { status: 'ok', micros: 1, bytes: 1 } as const
    await h().gate.settle(verdict.decisionId, outcome)
    await h().gate.settle(verdict.decisionId, outcome)
    expect(await h().kinds()).toEqual(['task.created', 'decision', 'outcome'])
  })

  test('R-REL-1: a credential that cannot be had ends the call with an error on record', async () => {
    const caller = await h().callerOf()
    const without = createGate({
      ...h().deps,
      credentials: {
        credentialsFor: () => Promise.reject(new RemitError('upstream_unavailable', 'no credential')),
      },
    })
    await expect(without.authorize(caller, h().read('src/a.ts'), NEVER)).rejects.toThrow('no credential')
    const [outcome] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'outcome' })
    expect(outcome?.envelope.outcome?.status).toBe('error')
  })
})

describe('identity', () => {
  test('R-POL-10: a claimed environment tightens and never loosens', async () => {
    const effects: Record<string, string> = {}
    for (const environment of ['laptop', 'sandbox', 'ci', 'production'] as const) {
      const caller = await h().callerOf({ environment })
      effects[environment] = (await h().gate.authorize(caller, h().write('src/a.ts'), NEVER)).effect
      const [decision] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision', limit: 1 })
      expect(decision?.detail?.facts?.sandboxed).toBe(false)
    }
    expect(effects).toEqual({ laptop: 'allow', sandbox: 'allow', ci: 'allow', production: 'consent' })
    const facts = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision' })
    expect(facts.map((record) => record.detail?.facts?.environment)).toEqual([
      'production',
      'laptop',
      'laptop',
      'laptop',
    ])
  })

  test('R-ID-3: a revoked task is refused, also for a call that was held meanwhile', async () => {
    const caller = await h().callerOf()
    await h().administration.revokeTask(byAlice, caller.chain.task.id, 'done')
    const token = await h().deps.mintToken(caller.chain)
    await expect(h().gate.identify(token)).rejects.toMatchObject({ code: 'task_revoked' })
    h().now += 60_000
    const held = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    expect(held).toMatchObject({ effect: 'deny' })
  })

  test('R-ID-1: an expired task, and a token of another tenant or human, are refused', async () => {
    const { chain } = await h().callerOf()
    const claims = JSON.parse(await h().deps.mintToken(chain)) as Record<string, unknown>
    const presented = (change: object): Promise<Caller> =>
      h().gate.identify(JSON.stringify({ ...claims, ...change }))
    await expect(presented({ tenant: 'other' })).rejects.toMatchObject({ code: 'task_unknown' })
    await expect(presented({ human: 'mona' })).rejects.toMatchObject({ code: 'task_unknown' })
    h().now += 2 * 3_600_000
    await expect(presented({})).rejects.toMatchObject({ code: 'task_expired' })
  })

  test('R-MCP-2: a list holds only what the task may ever use, and the filtering is recorded', async () => {
    const caller = await h().callerOf({ scope: { tools: ['filesystem__read_*'] } })
    const tools = ['read_text_file', 'write_file'].map((name) => ({
      server: SERVER,
      definition: { digest: DIGEST, name },
    }))
    const shown = await h().gate.visible(caller, tools, { requestId: '1' })
    expect(shown.map((tool) => tool.definition.name)).toEqual(['read_text_file'])
    const [listed] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'list' })
    expect(listed).toMatchObject({
      envelope: { data: { shown: 1, hidden: 1 } },
      detail: { data: { hidden: ['filesystem/write_file'] } },
    })
  })

  test('R-MCP-2: so do lists of prompts and resources; of a template only what holds for all it may become', async () => {
    const caller = await h().callerOf({ scope: { tools: ['filesystem__note://mine/*', 'filesystem__mine'] } })
    const names = ['note://mine/a', 'note://yours/b'].map((name) => ({ server: SERVER, name }))
    const items = [...names, { server: SERVER, template: 'note://{whose}/{name}' }]
    const correlation = { requestId: '1' }
    const shown = await h().gate.visibleItems(caller, { kind: 'resource', items, correlation })
    expect(shown).toEqual([items[0], items[2]])
    const prompts = ['mine', 'yours'].map((name) => ({ server: SERVER, name }))
    expect(await h().gate.visibleItems(caller, { kind: 'prompt', items: prompts, correlation })).toEqual([
      prompts[0],
    ])
    const records = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'list' })
    expect(records.map(({ detail }) => detail?.data)).toEqual(
      expect.arrayContaining([{ hidden: ['filesystem/note://yours/b'] }, { hidden: ['filesystem/yours'] }]),
    )
  })
})
