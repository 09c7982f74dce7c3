import { describe, expect, test } from 'vitest'
import { alice, byAlice, byMona, mona, NEVER, SERVER, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT, type TaskId } from '../core/ids.ts'
import type { Budget } from '../core/identity.ts'
import { directoryOf } from '../identity/human-directory.ts'
import { createAdministration } from './create-administration.ts'
import { createGate } from './create-gate.ts'
import { createDelegation, type ChildRequest } from './delegate.ts'
import type { Caller } from './gate.ts'

const h = useGate()

/** Lets policy delegate without asking, and never asks about anything else than the pack does. */
async function childOf(caller: Caller, request: Partial<ChildRequest> = {}): Promise<Caller> {
  const { policies } = h()
  const open = { ...policies, decide: () => ALLOWED }
  const delegation = createDelegation({ ...h().deps, policies: { current: () => open } })
  const { token } = await delegation.delegate(
    { token: await tokenOf(caller.chain.task.id) },
    { intent: 'a part of it', ...request },
    { requestId: 'r' },
  )
  return h().gate.identify(token)
}

const ALLOWED = {
  effect: 'allow',
  reasons: [],
  policies: ['x'],
  gates: [],
  obligations: [],
  errors: [],
} as const

async function tokenOf(id: TaskId): Promise<string> {
  const task = await h().store.tasks.get(DEFAULT_TENANT, id)
  if (task === undefined) throw new Error('no task')
  return h().deps.mintToken({ task, ancestors: [] })
}

const effects = async (caller: Caller, paths: readonly string[], how: 'read' | 'write' = 'read') => {
  const seen: string[] = []
  for (const path of paths) {
    const verdict = await h().gate.authorize(caller, h()[how](path), NEVER)
    seen.push(verdict.effect)
  }
  return seen
}

describe('budgets over a delegation tree', () => {
  test('R-THR-1: a child draws on what is left of its ancestors, and on its own', async () => {
    const root = await h().callerOf({ budget: { calls: 6 } })
    const child = await childOf(root, { budget: { calls: 2 } })
    expect(await effects(root, ['src/a.ts'])).toEqual(['allow'])
    // The delegation was a call too: four are left to the tree, two to the child.
    expect(await effects(child, ['src/a.ts', 'src/a.ts', 'src/a.ts'])).toEqual(['allow', 'allow', 'deny'])
    expect(await effects(root, ['src/a.ts', 'src/a.ts', 'src/a.ts'])).toEqual(['allow', 'allow', 'deny'])
    const second = h().gate.authorize(root, h().read('src/a.ts'), NEVER)
    expect((await second).decision.policies).toEqual(['remit:budget'])
  })

  test('R-THR-1: what is already used does not starve a child with a budget of its own', async () => {
    const root = await h().callerOf()
    expect(await effects(root, ['src/a.ts', 'src/a.ts', 'src/a.ts'])).toEqual(['allow', 'allow', 'allow'])
    const child = await childOf(root, { budget: { calls: 1 } })
    expect(await effects(child, ['src/a.ts', 'src/a.ts'])).toEqual(['allow', 'deny'])
  })

  test('R-THR-1: of many calls at the same time as many pass as there is left', async () => {
    const caller = await h().callerOf({ budget: { calls: 7 } })
    const verdicts = await Promise.all(
      Array.from({ length: 30 }, () => h().gate.authorize(caller, h().read('src/a.ts'), NEVER)),
    )
    expect(verdicts.filter(({ effect }) => effect === 'allow')).toHaveLength(7)
    expect(verdicts.filter(({ effect }) => effect === 'deny')).toHaveLength(23)
  })

  const kinds: readonly (readonly [string, Budget, readonly string[]])[] = [
    ['different files', { files: 2 }, ['allow', 'allow', 'allow', 'deny']],
    ['lines, as far as an edit shows them', { lines: 3 }, ['allow', 'allow', 'deny', 'deny']],
    ['writes', { writes: 3 }, ['allow', 'allow', 'allow', 'deny']],
  ]
  test.each(kinds)('R-THR-1: %s are counted', async (_name, budget, expected) => {
    const caller = await h().callerOf({ budget })
    // The first file has one line, which goes; the others are new.
    expect(await effects(caller, ['src/a.ts', 'src/b.ts', 'src/a.ts', 'src/c.ts'], 'write')).toEqual(expected)
  })

  test('R-THR-1: what is used up is named in the refusal and on record', async () => {
    const caller = await h().callerOf({ budget: { writes: 0, files: 0 } })
    const verdict = await h().gate.authorize(caller, h().write('src/a.ts'), NEVER)
    expect(verdict.effect === 'deny' && verdict.error.message).toContain('writes, files')
    const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision', limit: 1 })
    expect(record?.detail?.facts?.exhausted).toEqual(['writes', 'files'])
  })

  test('R-THR-1: a task that asked people as often as it may asks no more', async () => {
    const caller = await h().callerOf({ budget: { consents: 1 } })
    const ci = (name: string) => h().write(`.github/workflows/${name}.yml`)
    const asked = await h().askedFor(caller, ci('a'))
    expect((await h().gate.authorize(caller, ci('b'), NEVER)).decision).toMatchObject({
      effect: 'deny',
      policies: ['remit:budget'],
    })
    // The one that was asked about can still be agreed to, and is attached to meanwhile.
    expect((await h().askedFor(caller, ci('a'))).id).toBe(asked.id)
  })

  test('R-IFC-1: a label that a child read counts for its parent', async () => {
    const root = await h().callerOf()
    const child = await childOf(root)
    const verdict = await h().gate.authorize(child, h().read('src/a.ts'), NEVER)
    await h().gate.inspect(verdict.decisionId, {
      content: [{ type: 'text', text: 'AKIAABCDEFGHIJ234567' }],
    })
    const facts = await h().store.tasks.facts(DEFAULT_TENANT, root.chain.task.id)
    expect(facts.labels).toContain('source')
    expect((await h().store.tasks.facts(DEFAULT_TENANT, child.chain.task.id)).labels).toEqual([])
  })
})

describe('loops', () => {
  const limit = { ask: 3, deny: 5 }
  const watching = () =>
    createGate({
      ...h().deps,
      loopLimits: () => ({ repeated: limit, failed: { ask: 2, deny: 3 }, rewritten: limit }),
    })

  test('R-THR-1: the same call asks first, then is denied; another is not meant', async () => {
    const gate = watching()
    const caller = await h().callerOf()
    const call = async () => (await gate.authorize(caller, h().read('src/a.ts'), NEVER)).decision
    expect([(await call()).effect, (await call()).effect]).toEqual(['allow', 'allow'])
    const third = await call()
    expect(third).toMatchObject({ effect: 'consent', policies: ['remit:loop'], gates: [{ scope: 'loop' }] })
    for (const _agreed of [3, 4]) {
      const verdict = await gate.authorize(caller, h().read('src/a.ts'), NEVER)
      if (verdict.effect !== 'consent') throw new Error('expected consent')
      await h().administration.approve(byMona, verdict.approval.id, {})
      expect((await call()).effect).toBe('allow')
    }
    expect(await call()).toMatchObject({ effect: 'deny', policies: ['remit:loop-stop'] })
    expect((await gate.authorize(caller, h().read('src'), NEVER)).decision.policies).not.toContain(
      'remit:loop-stop',
    )
  })

  test('R-THR-1: a write in between is progress, and starts the count anew', async () => {
    const gate = watching()
    const caller = await h().callerOf()
    for (let round = 0; round < 4; round += 1) {
      const read = await gate.authorize(caller, h().read('src/a.ts'), NEVER)
      const write = await gate.authorize(caller, h().write(`src/${round}.ts`), NEVER)
      expect([read.effect, write.effect]).toEqual(['allow', 'allow'])
    }
  })

  test('R-THR-1: a call that fails again and again, and one file written over', async () => {
    const gate = watching()
    const caller = await h().callerOf()
    const fail = async () => {
      const verdict = await gate.authorize(caller, h().read('src/a.ts'), NEVER)
      if (verdict.effect === 'allow')
        await gate.settle(verdict.decisionId, { status: 'error', micros: 1, bytes: 0 })
      return verdict.effect
    }
    expect([await fail(), await fail()]).toEqual(['allow', 'consent'])
    const rewrite = async (text: string) =>
      (await gate.authorize(caller, h().write('src/a.ts', text), NEVER)).effect
    expect([await rewrite('1'), await rewrite('2'), await rewrite('3')]).toEqual([
      'allow',
      'allow',
      'consent',
    ])
  })
})

describe('the kill switch', () => {
  const wish = (target: 'agent' | 'human' | 'server' | 'tenant', id: string) => ({
    target,
    id,
    reason: 'it misbehaves',
  })

  test.each([
    ['agent', 'claude-code'],
    ['human', 'alice'],
    ['tenant', 'default'],
  ] as const)('R-THR-1: stopping the %s ends calls under way, and refuses new ones', async (target, id) => {
    const caller = await h().callerOf({ agent: { id: 'agent-7', kind: 'claude-code' } })
    const running = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    await h().administration.placeHalt(byAlice, wish(target, id))
    await expect.poll(() => running.effect === 'allow' && running.stopped.aborted).toBe(true)
    // A call that was identified before is decided with what is so now.
    expect((await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)).decision).toMatchObject({
      effect: 'deny',
      policies: ['remit:halted'],
    })
    const token = await tokenOf(caller.chain.task.id)
    await expect(h().gate.identify(token)).rejects.toMatchObject({ code: 'task_halted' })
    const agent = { id: 'agent-8', kind: 'claude-code' }
    const another = h().administration.createTask(byAlice, {
      workflow: 'fix-tests',
      intent: 'once more',
      agent,
    })
    await expect(another).rejects.toMatchObject({ code: 'task_halted' })
    await expect(h().administration.liftHalt(byAlice, wish(target, id))).rejects.toMatchObject({
      code: 'role_missing',
    })
    await h().administration.liftHalt(byMona, wish(target, id))
    expect((await h().gate.identify(token)).chain.task.id).toBe(caller.chain.task.id)
    expect((await h().kinds()).filter((kind) => kind.startsWith('halt'))).toEqual([
      'halt.placed',
      'halt.lifted',
    ])
  })

  test('R-ID-6: a human who goes, or loses a team, while a call of theirs is being decided: what was known before does not count', async () => {
    const caller = await h().callerOf()
    const { store, humans } = h()
    let [tries, change]: [number, () => void] = [0, () => {}]
    const commit: typeof store.journal.commit = async (unit, urgency) => {
      if (tries++ === 0) {
        // As the gateway takes over a new list of people, just before the decision reaches the ledger.
        change()
        const advance = { kind: 'advance-standing', tenant: DEFAULT_TENANT } as const
        await store.journal.commit({ records: [], changes: [advance] })
      }
      return store.journal.commit(unit, urgency)
    }
    const gate = createGate({ ...h().deps, journal: { commit } })
    change = () => (h().humans = [{ ...alice, teams: ['core'] as never }, mona])
    const decided = await gate.authorize(caller, h().read('src/a.ts'), NEVER)
    expect({ effect: decided.effect, tries }).toEqual({ effect: 'allow', tries: 2 })
    tries = 0
    change = () => (h().humans = [mona])
    await expect(gate.authorize(caller, h().read('src/a.ts'), NEVER)).rejects.toMatchObject({
      code: 'task_unknown',
    })
    expect((await h().kinds()).filter((kind) => kind === 'decision')).toHaveLength(1)
    h().humans = humans
  })

  test('R-THR-1: a stopped server is refused call by call, others go on', async () => {
    const caller = await h().callerOf()
    await h().administration.placeHalt(byAlice, wish('server', SERVER))
    const there = await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    const elsewhere = await h().gate.authorize(caller, h().command('ls'), NEVER)
    expect([there.decision.policies, elsewhere.effect]).toEqual([['remit:halted'], 'allow'])
  })

  test('R-THR-1: nobody lets go of themselves', async () => {
    await h().administration.placeHalt(byAlice, wish('human', mona.id))
    await expect(h().administration.liftHalt(byMona, wish('human', mona.id))).rejects.toMatchObject({
      code: 'approver_refused',
    })
  })

  test('R-ID-3: no call of a revoked tree is recorded as allowed after the revocation', async () => {
    const root = await h().callerOf()
    const child = await childOf(root)
    const calls = Array.from({ length: 10 }, () => h().gate.authorize(child, h().read('src/a.ts'), NEVER))
    const revoked = h().administration.revokeTask(byAlice, root.chain.task.id, 'enough')
    const more = Array.from({ length: 10 }, () => h().gate.authorize(child, h().read('src/a.ts'), NEVER))
    await Promise.all([...calls, revoked, ...more])
    const records = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 100 })
    const end = records.find(({ envelope }) => envelope.kind === 'task.revoked')?.index ?? -1
    const late = records.filter(({ index, envelope }) => index > end && envelope.decision?.effect === 'allow')
    expect([end > 0, late]).toEqual([true, []])
  })
})

describe('who may begin, and for how long', () => {
  test('R-ID-3: a child is within its parent, is on record with its hop, and may not be deeper than the limit', async () => {
    const root = await h().callerOf({ scope: { paths: ['src/**'] } })
    await expect(childOf(root, { scope: { paths: ['docs/**'] } })).rejects.toMatchObject({
      code: 'scope_wider',
    })
    let caller = await childOf(root, { lifetime: 7_200_000 })
    expect(caller.chain.task).toMatchObject({
      parent: root.chain.task.id,
      origin: 'parent-task',
      workflow: 'fix-tests',
      scope: { paths: ['src/**'] },
      expires: root.chain.task.expires,
    })
    const created = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'task.created', limit: 1 })
    expect(created[0]?.envelope).toMatchObject({
      actor: `unknown:${root.chain.task.id}`,
      identity: { chain: [root.chain.task.id, caller.chain.task.id] },
      data: { credential: 'task-token' },
    })
    for (let depth = 2; depth < 5; depth += 1) caller = await childOf(caller)
    await expect(childOf(caller)).rejects.toMatchObject({ code: 'scope_wider' })
  })

  test('R-ID-2: a human who loses a role loses in running tasks what only the role could do', async () => {
    const caller = await h().callerOf()
    let humans = directoryOf([alice])
    const { policies } = h()
    const gate = createGate({
      ...h().deps,
      humans: { find: (...who) => humans.find(...who), list: (tenant) => humans.list(tenant) },
      policies: {
        current: () => ({
          ...policies,
          decide: (request) =>
            request.human.roles.includes('member') ? ALLOWED : { ...ALLOWED, effect: 'deny' },
        }),
      },
    })
    const token = await tokenOf(caller.chain.task.id)
    const effect = async () =>
      (await gate.authorize(await gate.identify(token), h().read('src/a.ts'), NEVER)).effect
    expect(await effect()).toBe('allow')
    humans = directoryOf([{ ...alice, roles: [] }])
    expect(await effect()).toBe('deny')
  })

  test('R-ID-2: the credential on disk stays within its limits, and has no token for what others made', async () => {
    const administration = createAdministration({
      ...h().deps,
      storedCredential: { maxLifetime: 60_000, workflows: ['fix-tests'], environments: ['laptop'] },
    })
    const ask = (more: object) =>
      administration.createTask(byAlice, { workflow: 'fix-tests', intent: 'x', ...more })
    await expect(ask({ environment: 'production' })).rejects.toMatchObject({ code: 'scope_wider' })
    await expect(ask({ lifetime: 120_000 })).rejects.toMatchObject({ code: 'scope_wider' })
    const { task } = await ask({})
    expect([task.expires - task.created, task.origin]).toEqual([60_000, 'stored-credential'])
    await expect(administration.renewTask(byAlice, task.id)).rejects.toMatchObject({ code: 'scope_wider' })
    const proved = { human: alice, credential: 'approver' } as const
    const { task: strong } = await administration.createTask(proved, { workflow: 'fix-tests', intent: 'x' })
    await expect(administration.issueToken(byAlice, strong.id)).rejects.toMatchObject({
      code: 'task_not_yours',
    })
    await expect(administration.issueToken(byMona, strong.id)).rejects.toMatchObject({
      code: 'task_not_yours',
    })
    expect((await administration.issueToken(proved, strong.id)).task).toEqual(strong)
  })

  test('R-ID-2: a renewal gives time and nothing else, within parents and the budget of time', async () => {
    const made = await h().administration.createTask(byAlice, {
      workflow: 'fix-tests',
      intent: 'x',
      budget: { duration: 5_000_000 },
    })
    const { id, created, expires } = made.task
    h().now += 1_000_000
    const renewed = await h().administration.renewTask(byAlice, id)
    expect(renewed.task).toEqual({ ...made.task, expires: expires + 1_000_000 })
    h().now += 1_000_000
    expect((await h().administration.renewTask(byAlice, id, 7_200_000)).task.expires).toBe(
      created + 5_000_000,
    )
    await expect(h().administration.renewTask(byAlice, id)).rejects.toMatchObject({ code: 'scope_wider' })
    const done = await h().administration.completeTask(byAlice, id)
    expect(done.completed).toMatchObject({ by: 'alice' })
    await expect(h().administration.renewTask(byAlice, id)).rejects.toMatchObject({ code: 'task_completed' })
    await expect(h().gate.identify(renewed.token)).rejects.toMatchObject({ code: 'task_completed' })
  })

  test('R-ID-3: the tree of a task, with what each part of it used', async () => {
    const root = await h().callerOf()
    const child = await childOf(root, { budget: { calls: 3 } })
    await effects(child, ['src/a.ts'])
    const tree = await h().administration.taskTree(byAlice, child.chain.task.id)
    expect([tree.task.id, tree.used.calls]).toEqual([root.chain.task.id, 2])
    expect(tree.children.map(({ task, used }) => [task.id, used.calls])).toEqual([[child.chain.task.id, 1]])
  })
})
