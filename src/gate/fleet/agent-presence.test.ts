import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alice, DIGEST, NEVER, SERVER, useGate } from '../../../test/support/gate-harness.ts'
import { parsedBefore } from '../../../test/support/shared-caches.ts'
import { ROOT } from '../../../test/support/running-gateway.ts'
import type { StartReport } from '../../core/fleet.ts'
import { DEFAULT_TENANT, type TaskId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { Json } from '../../core/json.ts'
import { loadPolicySet } from '../../policy/load-policy-set.ts'
import { createGate } from '../create-gate.ts'
import type { Caller } from '../gate.ts'
import { AgentPresence } from './agent-presence.ts'
import { keptAgents } from './kept-agents.ts'

const h = useGate()
const FRESH = 1_800_000
const MACHINE = { id: 'm'.repeat(32), name: 'alice-laptop', platform: 'linux' }
const REPORT: StartReport = {
  agent: 'claude-code',
  version: '2.1.330',
  remit: '1.0.0',
  machine: MACHINE,
  hooks: { files: 'present', digest: 'a'.repeat(64) },
}
const HOOK = { agent: 'claude-code', session: 'ses-1' }

function started(): {
  readonly presence: AgentPresence
  readonly call: (caller: Caller) => Promise<boolean>
} {
  const presence = new AgentPresence({ ...h().deps, fleet: h().store.logins, fresh: FRESH, keep: 86_400_000 })
  const gate = createGate({ ...h().deps, presence })
  return {
    presence,
    async call(caller) {
      await gate.authorize(caller, h().read('src/a.ts'), NEVER)
      await presence.idle()
      const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision', limit: 1 })
      return record?.detail?.facts?.hooked ?? false
    },
  }
}

const told = async () => {
  const records = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 100 })
  return records
    .filter(({ envelope }) => envelope.kind.startsWith('agent.'))
    .map(({ envelope: { kind, data = {} } }) => `${kind} ${wordOf(data['reason'] ?? data['by'])}`)
    .toReversed()
}
const wordOf = (value: Json | undefined) => (typeof value === 'string' ? value : '')
const fleet = () => keptAgents(h().store.logins, DEFAULT_TENANT, h().now)

test('R-AGT-1: a call over MCP is hooked while hooks of its very task are heard, and no longer', async () => {
  const { presence, call } = started()
  const [caller, other] = [await h().callerOf(), await h().callerOf()]
  expect(await call(caller)).toBe(false)
  presence.heard(caller, HOOK)
  expect([await call(caller), await call(other)]).toEqual([true, false])
  const child = { ...other.chain.task, id: 'tsk_child' as TaskId }
  const below = (task: Task): Caller => ({ ...other, chain: { task, ancestors: [caller.chain.task] } })
  // Sub-agents act over the connection of their agent; who was given a task has one of their own.
  expect(await call(below(child))).toBe(false)
  expect(await call(below({ ...child, subAgent: { runtime: 'claude-code', id: 'a1' } }))).toBe(true)
  h().now += FRESH
  expect(await call(await h().gate.identify(tokenOf(caller)))).toBe(true)
  h().now += 1
  expect(await call(await h().gate.identify(tokenOf(caller)))).toBe(false)
  presence.heard(caller, HOOK)
  expect(await call(caller)).toBe(true)
})

test('R-POL-1, R-AGT-1: the rule of docs/hooks.md refuses calls over MCP until hooks are heard, and hides no tool', async () => {
  const [, rule = ''] =
    /```cedar\n(@id\("hooks-required"\)[^`]+)```/.exec(
      readFileSync(join(ROOT, 'docs', 'hooks.md'), 'utf8'),
    ) ?? []
  const own = join(h().workspace, 'policies')
  mkdirSync(own)
  writeFileSync(join(own, 'hooks.cedar'), rule)
  h().policies = await loadPolicySet({
    folders: [join(ROOT, 'policies', 'coding-agent'), own],
    schemaFile: join(ROOT, 'policies', 'remit.cedarschema'),
    ...parsedBefore(),
  })
  const presence = new AgentPresence({ ...h().deps, fleet: h().store.logins, fresh: FRESH, keep: 86_400_000 })
  const gate = createGate({ ...h().deps, presence })
  const caller = await h().callerOf()
  const tool = { server: SERVER, definition: { digest: DIGEST, name: 'read_text_file' } }
  expect(await gate.visible(caller, [tool], { requestId: '1' })).toEqual([tool])
  const ask = async () => gate.authorize(caller, h().read('src/a.ts'), NEVER)
  expect(await ask()).toMatchObject({ effect: 'deny', decision: { policies: ['hooks-required'] } })
  expect((await gate.authorize(caller, h().command('ls'), NEVER)).effect).toBe('allow')
  presence.heard(caller, HOOK)
  expect((await ask()).effect).toBe('allow')
})

test('R-AGT-1, R-AUD-4: calls of an agent whose hooks fall silent are on record once a day, also after a restart', async () => {
  const { presence, call } = started()
  const caller = await h().callerOf({ lifetime: 7_200_000 })
  await presence.report(caller, REPORT)
  await call(caller)
  await call(caller)
  expect(await told()).toEqual(['agent.seen report', 'agent.irregular calls-without-hooks'])
  const again = started()
  await again.presence.load()
  await again.call(caller)
  expect(await told()).toHaveLength(2)
  expect(await fleet()).toMatchObject([{ irregular: { reason: 'calls-without-hooks' } }])
})

test('R-AGT-1: an agent without hooks, or of which nobody knows any, is nothing irregular', async () => {
  const { presence, call } = started()
  const caller = await h().callerOf()
  await call(caller)
  const { hooks: _, ...report } = REPORT
  await presence.report(caller, report)
  await call(caller)
  expect(await told()).toEqual(['agent.seen report'])
})

test('R-AGT-1: each conversation is on record once, with who and where, and the name of the machine can be erased', async () => {
  const { presence } = started()
  const caller = await h().callerOf()
  presence.heard(caller, HOOK)
  presence.heard(caller, HOOK)
  await presence.report(caller, REPORT)
  await presence.report(caller, REPORT)
  presence.heard(caller, { ...HOOK, session: 'ses-2' })
  await presence.idle()
  expect(await told()).toEqual(['agent.seen hook', 'agent.seen report', 'agent.seen hook'])
  // What its hooks alone had told of is the same agent.
  expect(await fleet()).toMatchObject([
    { agent: 'claude-code', version: '2.1.330', machine: MACHINE, human: alice.id, heard: h().now },
  ])
  const [latest] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'agent.seen', limit: 1 })
  expect(JSON.stringify(latest?.envelope)).not.toContain(MACHINE.name)
  expect(latest?.detail?.data).toEqual({ machine: MACHINE.name, platform: 'linux' })
})

test('R-AGT-1: a hook file that is missing, switched off or not what it was is on record', async () => {
  const { presence } = started()
  const caller = await h().callerOf()
  const report = (hooks: StartReport['hooks'], remit = '1.0.0') =>
    presence.report(caller, { ...REPORT, remit, ...(hooks === undefined ? {} : { hooks }) })
  await report({ files: 'present', digest: 'a'.repeat(64) })
  await report({ files: 'present', digest: 'b'.repeat(64) }, '1.0.1')
  await presence.idle()
  expect(await told()).toEqual(['agent.seen report', 'agent.seen report'])
  await report({ files: 'present', digest: 'c'.repeat(64) }, '1.0.1')
  await report({ files: 'missing' }, '1.0.1')
  await report({ files: 'disabled' }, '1.0.1')
  await presence.idle()
  expect((await told()).filter((each) => each.startsWith('agent.irregular'))).toEqual([
    'agent.irregular hooks-changed',
    'agent.irregular hooks-missing',
    'agent.irregular hooks-disabled',
  ])
})

test('R-AGT-1: an end that nobody asked about is on record, unless it is the first after a restart', async () => {
  const { presence } = started()
  const caller = await h().callerOf()
  presence.heard(caller, HOOK)
  presence.ranUnasked(caller, HOOK)
  await presence.idle()
  expect(await told()).toEqual(['agent.seen hook'])
  presence.heard(caller, HOOK)
  presence.ranUnasked(caller, HOOK)
  await presence.idle()
  expect(await told()).toEqual(['agent.seen hook', 'agent.irregular ran-unasked'])
})

test('R-SEC-1: a task can tell of few agents and few conversations', async () => {
  const { presence } = started()
  const caller = await h().callerOf()
  const from = (machine: number) =>
    presence.report(caller, { ...REPORT, machine: { ...MACHINE, id: String(machine).repeat(32) } })
  for (let machine = 0; machine < 8; machine++) await from(machine)
  await expect(from(8)).rejects.toMatchObject({ code: 'input_invalid' })
  for (let each = 0; each < 300; each++) presence.heard(caller, { ...HOOK, session: `ses-${each}` })
  await presence.idle()
  const records = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'agent.seen', limit: 1_000 })
  expect(records).toHaveLength(8 + 100)
})

function tokenOf({ chain: { task } }: Caller): string {
  return JSON.stringify({ tenant: task.tenant, task: task.id, human: task.human, expires: task.expires })
}

test('R-AGT-2: a task tells of its agents sixty times an hour and no more, so that it floods no record', async () => {
  const { presence } = started()
  const caller = await h().callerOf()
  const report = (version: number) => presence.report(caller, { ...REPORT, version: `2.${version}` })
  for (let version = 0; version < 60; version += 1) await report(version)
  await expect(report(60)).rejects.toMatchObject({ code: 'overloaded' })
  h().now += 3_600_000
  expect(await report(61)).toMatchObject({ version: '2.61' })
})

test('R-AGT-1: a use of what has the gateway’s name and did not come to it is told from those that did', async () => {
  const { presence, call } = started()
  const caller = await h().callerOf()
  presence.heard(caller, HOOK)
  await call(caller)
  // An agent that gives its calls over MCP no ids.
  expect(presence.cameHere(caller, 'toolu_1')).toBe(true)
  presence.called(caller, 'toolu_1')
  const child = { ...caller.chain.task, subAgent: { runtime: 'claude-code', id: 'a1' } }
  presence.called({ ...caller, chain: { task: child, ancestors: [caller.chain.task] } }, 'toolu_2')
  const uses = ['toolu_1', 'toolu_2', 'toolu_3', undefined]
  expect(uses.map((use) => presence.cameHere(caller, use))).toEqual([true, true, false, true])
})
