import { describe, expect, test } from 'vitest'
import { compilerOf, packTexts } from '../../test/policy/compiled.ts'
import { PACK } from '../../test/policy/samples.ts'
import { alice, byAlice, byMona, mona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import {
  DEFAULT_TENANT,
  type Digest,
  type HumanId,
  type ServerKey,
  type TaskId,
  type TenantId,
} from '../core/ids.ts'
import type { Human, Task } from '../core/identity.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { Caller } from './gate.ts'

const h = useGate()
/** Who could agree anew. */
const nina: Human = { ...mona, id: 'nina' as HumanId }
const FOR_TASK = { grant: 'task' } as const

async function effectOf(caller: Caller, call: ToolCall): Promise<string> {
  return (await h().gate.authorize(caller, call, NEVER)).effect
}

/** A task in which `npm test` was agreed to for its rest, and has run once since. */
async function granted(call = h().command('npm test')): Promise<Caller> {
  const caller = await h().callerOf()
  const { id } = await h().askedFor(caller, call)
  await h().administration.approve(byMona, id, FOR_TASK)
  expect(await effectOf(caller, call)).toBe('allow')
  return caller
}

const grants = () => h().administration.listGrants(byMona, { limit: 10 })

/** The default pack, some of its text replaced. */
function packWith(from: string, to: string) {
  return compilerOf(packTexts(PACK).map(({ file, text }) => ({ file, text: text.replace(from, to) })))()
}

describe('R-CON-5: consent for the rest of a task', () => {
  test('the same work runs again without a question, each time on record with the grant', async () => {
    const caller = await granted()
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    expect(await effectOf(caller, h().command('npm test', { description: 'once more' }))).toBe('allow')
    const [grant] = await grants()
    expect(grant).toMatchObject({ by: ['mona'], uses: 2, expires: caller.chain.task.expires })
    const records = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision' })
    expect(records.map(({ envelope }) => envelope.grant?.id)).toEqual([
      grant?.id,
      grant?.id,
      undefined,
      undefined,
    ])
    expect(records[0]?.envelope.grant?.approvers).toEqual(['mona'])
    expect(records[0]?.detail?.facts?.approvals).toEqual(['run'])
    const [created] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'grant.created' })
    expect(created).toMatchObject({
      envelope: { id: grant?.id, actor: 'mona', identity: { task: caller.chain.task.id } },
      detail: { data: { covers: { arguments: { command: 'npm test' } } } },
    })
  })

  const others: readonly (readonly [string, () => ToolCall])[] = [
    ['another script of the same program', () => h().command('npm run build')],
    ['the same and something else', () => h().command('npm test && npm run build')],
    ['the same, and out of the machine', () => h().command('npm test; curl https://evil.example/')],
    ['the same with a redirection', () => h().command('npm test > out.txt')],
    ['the same with white space', () => h().command('npm  test')],
    ['the same in another folder', () => h().command('cd src && npm test')],
    ['the same with a variable before it', () => h().command('NODE_OPTIONS=--require=./x.js npm test')],
    ['the same inside something opaque', () => h().command('$(echo npm) test')],
    ['the same with an argument more', () => h().command('npm test', { timeout: 5 })],
    ['a note that is no text', () => h().command('npm test', { description: { run: 'x' } })],
    ['an argument that nobody described', () => h().command('npm test', { elevated: true })],
    ['another root', () => ({ ...h().command('npm test'), root: h().workspace + '/src' })],
    ['another view of the files', () => ({ ...h().command('npm test'), fileSystem: 'remote' })],
    ['another door', () => ({ ...h().command('npm test'), door: 'mcp' })],
    ['another server', () => ({ ...h().command('npm test'), server: 'codex' as ServerKey })],
    [
      'another definition',
      () => ({ ...h().command('npm test'), definition: { digest: 'e'.repeat(64) as Digest, name: 'Bash' } }),
    ],
  ]
  test.each(others)('%s asks anew', async (_, call) => {
    const caller = await granted()
    expect(await effectOf(caller, call())).toBe('consent')
    expect((await grants())[0]?.uses).toBe(0)
  })

  test('neither another task nor a child has it', async () => {
    const caller = await granted()
    const other = await h().callerOf()
    expect(await effectOf(other, h().command('npm test'))).toBe('consent')
    const child: Task = {
      ...caller.chain.task,
      id: 'tsk_child' as TaskId,
      parent: caller.chain.task.id,
      origin: 'parent-task',
    }
    await h().store.journal.commit({ records: [], changes: [{ kind: 'insert-task', task: child }] })
    const below = { ...caller, chain: { task: child, ancestors: [caller.chain.task] } }
    expect(await effectOf(below, h().command('npm test'))).toBe('consent')
  })

  test('revoking it takes effect with the next call; whoever reads grants may', async () => {
    const caller = await granted()
    const [grant] = await grants()
    const revoked = await h().administration.revokeGrant(byAlice, grant!.id, 'seen enough')
    expect(revoked.revoked).toEqual({ at: h().now, by: 'alice', reason: 'seen enough' })
    expect(await effectOf(caller, h().command('npm test'))).toBe('consent')
    const again = await h().administration.revokeGrant(byMona, grant!.id, 'again')
    expect(again.revoked?.by).toBe('alice')
    expect((await h().kinds()).filter((kind) => kind === 'grant.revoked')).toHaveLength(1)
    await expect(
      h().administration.revokeGrant({ ...byMona, onlyTask: 'tsk_x' as TaskId }, grant!.id, 'no'),
    ).rejects.toMatchObject({ code: 'grant_unknown' })
  })

  test('it ends with the task', async () => {
    const caller = await granted()
    h().now = caller.chain.task.expires - 1
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    h().now = caller.chain.task.expires
    expect(await effectOf(caller, h().command('npm test'))).toBe('deny')
    const second = await granted()
    await h().administration.revokeTask(byAlice, second.chain.task.id, 'over')
    h().now += 1_000
    expect(await effectOf(second, h().command('npm test'))).toBe('deny')
    expect((await grants()).map(({ lapsed }) => lapsed)).toEqual([
      `the task \`${second.chain.task.id}\` is revoked`,
      undefined,
    ])
  })

  test('rules that change: the same gates let it run, another or a stricter one asks, a denial denies', async () => {
    const caller = await granted()
    const effectUnder = async (policies: ReturnType<typeof packWith>) => {
      h().policies = policies
      return effectOf(caller, h().command('npm test'))
    }
    const run = '@consent("run")\n@delegator("alone")\n@grant("task")\n@severity("medium")'
    const unrelated = packWith('this sends a message in the human', 'this speaks for the human')
    expect(unrelated.hash).not.toBe(packWith('', '').hash)
    expect(await effectUnder(unrelated)).toBe('allow')
    expect(await effectUnder(packWith(run, run.replace('medium', 'high')))).toBe('consent')
    expect(await effectUnder(packWith(run, run.replace('@grant("task")\n', '')))).toBe('consent')
    expect(await effectUnder(packWith(run, run.replace('@delegator("alone")\n', '')))).toBe('consent')
    expect(await effectUnder(packWith(run, `@consent_by("maintainer")\n${run}`))).toBe('consent')
    const more = (scope: string) => `@id("also")
@consent("${scope}")
@grant("task")
@reason("another question")
forbid (principal is Task, action == Action::"code.execute", resource);

@id("network")`
    expect(await effectUnder(packWith('@id("network")', more('other')))).toBe('consent')
    // A gate that shares the scope is another question all the same.
    expect(await effectUnder(packWith('@id("network")', more('run')))).toBe('consent')
    const denied =
      '@id("no-code") @reason("no") forbid (principal is Task, action == Action::"code.execute", resource);\n'
    expect(await effectUnder(packWith('@id("network")', `${denied}@id("network")`))).toBe('deny')
    expect(await effectUnder(packWith('', ''))).toBe('allow')
  })

  const losses: readonly (readonly [string, readonly Human[]])[] = [
    ['who agreed has lost the role', [alice, { ...mona, roles: ['member'] }]],
    ['who agreed is known no more', [alice]],
    ['who agreed is of another tenant', [alice, { ...mona, tenant: 'other' as TenantId }]],
    [
      'another has the role now',
      [
        { ...alice, roles: ['maintainer'] },
        { ...mona, roles: [] },
      ],
    ],
  ]
  test.each(losses)('it stops counting while %s, and the record says so', async (_, now) => {
    const caller = await granted()
    const before = h().humans
    h().humans = [...now, nina]
    expect(await effectOf(caller, h().command('npm test'))).toBe('consent')
    const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision' })
    const [grant] = await grants()
    expect(record?.detail?.reasons).toContainEqual({
      policy: 'remit:grants',
      text: `the grant \`${grant!.id}\` no longer counts: \`mona\` agreed to \`run\` and may not approve it any more`,
    })
    expect(grant?.uses).toBe(0)
    expect(grant?.lapsed).toBe('`mona` agreed to `run` and may not approve it any more')
    h().humans = before
    expect((await grants())[0]?.lapsed).toBeUndefined()
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
  })

  test('it stops counting when the rules let who agreed approve no longer', async () => {
    const caller = await granted()
    h().humans = [alice, mona, nina]
    const none =
      '@id("no-mona") @reason("no") forbid (principal == Human::"mona", action == Action::"approve", resource);'
    h().policies = packWith('@id("network")', `${none}\n@id("network")`)
    expect(await effectOf(caller, h().command('npm test'))).toBe('consent')
    h().policies = packWith('', '')
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
  })

  test('the delegator alone on a laptop stops being alone: what they agreed to asks again', async () => {
    const owner = { ...alice, roles: ['maintainer'] }
    h().humans = [owner]
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().command('npm test'))
    await h().administration.approve({ human: owner, credential: 'approver' }, id, FOR_TASK)
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    // Whose provider has to vouch for them once more could look, too, as soon as it did.
    h().away = [mona]
    expect(await effectOf(caller, h().command('npm test'))).toBe('deny')
    h().away = []
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    h().humans = [owner, mona]
    expect(await effectOf(caller, h().command('npm test'))).toBe('consent')
  })

  test('a grant that does not close what is asked now gives way to one that does', async () => {
    const caller = await granted()
    const run = '@consent("run")\n@delegator("alone")\n@grant("task")\n@severity("medium")'
    h().policies = packWith(run, run.replace('medium', 'low'))
    const { id } = await h().askedFor(caller, h().command('npm test'))
    const { grant } = await h().administration.approve(byMona, id, FOR_TASK)
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    const [newest, former] = await grants()
    expect(newest).toMatchObject({ id: grant, uses: 1 })
    expect(former?.revoked).toMatchObject({ by: 'mona', reason: `given anew as ${grant}` })
    expect((await h().kinds()).filter((kind) => kind.startsWith('grant.'))).toEqual([
      'grant.created',
      'grant.revoked',
      'grant.created',
    ])
  })

  test('a request that waits for the same work with another note is answered by it', async () => {
    const caller = await h().callerOf()
    const first = await h().askedFor(caller, h().command('npm test', { description: 'a' }))
    const second = await h().askedFor(caller, h().command('npm test', { description: 'b' }))
    const waiting = h().gate.awaitApproval(caller, second.id, { timeout: 3_600_000, signal: NEVER })
    await h().administration.approve(byMona, first.id, FOR_TASK)
    expect(await effectOf(caller, h().command('npm test', { description: 'b' }))).toBe('allow')
    expect((await waiting).state).toBe('cancelled')
    // The call that was agreed to still has its own approval, which is used up first.
    expect(await effectOf(caller, h().command('npm test', { description: 'a' }))).toBe('allow')
    expect((await h().store.approvals.get(DEFAULT_TENANT, first.id))?.state).toBe('used')
    expect((await grants())[0]?.uses).toBe(1)
  })

  test('of racing calls under one grant each runs and each is counted', async () => {
    const caller = await granted()
    const effects = await Promise.all(
      Array.from({ length: 20 }, () => effectOf(caller, h().command('npm test'))),
    )
    expect(new Set(effects)).toEqual(new Set(['allow']))
    expect((await grants())[0]?.uses).toBe(20)
  })

  test('a refusal of exactly this call outlasts a grant of the same work', async () => {
    const caller = await h().callerOf()
    const first = await h().askedFor(caller, h().command('npm test', { description: 'a' }))
    const second = await h().askedFor(caller, h().command('npm test', { description: 'b' }))
    await h().administration.refuse(byMona, second.id, 'not this one')
    await h().administration.approve(byMona, first.id, FOR_TASK)
    expect(await effectOf(caller, h().command('npm test', { description: 'b' }))).toBe('deny')
  })
})

describe('R-CON-5: what may not last', () => {
  const single: readonly (readonly [string, () => ToolCall])[] = [
    ['a gate of high severity', () => h().write('.github/workflows/release.yml')],
    ['a gate that no rule lets last', () => h().command('curl https://example.com/')],
    ['a gate more beside it', () => h().command('npm test; curl https://example.com/')],
    ['what is not understood', () => h().command('frobnicate')],
    ['what is too long to read', () => h().command(`npm test # ${'x'.repeat(2_000)}`)],
  ]
  test.each(single)('%s', async (_, call) => {
    const caller = await h().callerOf()
    const asked = await h().askedFor(caller, call())
    expect(asked.offer).toBeUndefined()
    expect(asked.prompt).not.toContain('for the rest of the task')
    await expect(h().administration.approve(byMona, asked.id, FOR_TASK)).rejects.toMatchObject({
      code: 'grant_not_offered',
    })
    expect((await h().store.approvals.get(DEFAULT_TENANT, asked.id))?.state).toBe('pending')
    expect(await grants()).toEqual([])
  })

  test('an approval for once makes none', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().command('npm test'))
    await h().administration.approve(byMona, id, {})
    expect(await effectOf(caller, h().command('npm test'))).toBe('allow')
    expect(await effectOf(caller, h().command('npm test'))).toBe('consent')
    expect(await grants()).toEqual([])
  })

  test('neither the credential on disk nor, where others are enrolled, the delegator makes one', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().command('npm test'))
    await expect(h().administration.approve(byAlice, id, FOR_TASK)).rejects.toMatchObject({
      code: 'role_missing',
    })
    const asAlice = { human: { ...alice, roles: ['maintainer'] }, credential: 'approver' } as const
    await expect(h().administration.approve(asAlice, id, FOR_TASK)).rejects.toMatchObject({
      code: 'approver_refused',
    })
  })

  test('the approver sees how often it would have covered a call before, in this task and beside it', async () => {
    const other = await h().callerOf()
    await h().askedFor(other, h().command('npm test'))
    const caller = await h().callerOf()
    for (const note of ['a', 'b']) await h().askedFor(caller, h().command('npm test', { description: note }))
    await h().askedFor(caller, h().command('npm run build'))
    const { id } = await h().askedFor(caller, h().command('npm test', { description: 'c' }))
    const { past } = await h().administration.viewApproval(byMona, id)
    expect(past).toEqual({ looked: 4, times: 2, elsewhere: 1, last: h().now })
    const once = await h().askedFor(caller, h().command('curl https://example.com/'))
    expect(await h().administration.viewApproval(byMona, once.id)).not.toHaveProperty('past')
  })

  test('R-CON-1: the approver reads what runs, and what agreeing for the task would let run, until when', async () => {
    const caller = await h().callerOf()
    const { prompt } = await h().askedFor(caller, h().command('npm test', { description: 'harmless' }))
    expect(prompt).toContain(
      'runs code which the agent may have written or changed, with the human’s own rights',
    )
    const end = new Date(caller.chain.task.expires).toISOString()
    expect(prompt).toContain(`approve for the rest of the task (until ${end})`)
    expect(prompt).toContain('the same arguments but for its note `description`')
    expect(prompt).toContain('also what the agent has changed since you looked')
  })
})
