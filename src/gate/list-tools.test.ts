import { beforeEach, expect, test } from 'vitest'
import { useGate } from '../../test/support/gate-harness.ts'
import { compilerOf } from '../../test/policy/compiled.ts'
import type { Classifier } from '../classify/classify.ts'
import { DEFAULT_TENANT, type Digest, type HumanId, type ServerKey } from '../core/ids.ts'
import type { Halt } from '../core/standing.ts'
import { SERVER_PIN } from '../core/tool-pin.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { createGate } from './create-gate.ts'
import type { Caller, Gate, ListedTool } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'

const h = useGate()
const FILES = 'files' as ServerKey
const CALLS = `@id("call") permit (principal, action == Action::"tool.call", resource);`
const READS = `@id("read") permit (principal is Task, action == Action::"file.read", resource)`
const compile = compilerOf(`${CALLS} ${READS};`)
const compileNone = compilerOf(CALLS)
const compileByDay = compilerOf(`${CALLS} ${READS} when { context.hour < 18 };`)
const compileFew = compilerOf(`${CALLS} ${READS} when { context.history.calls < 1 };`)
const compileByRole = compilerOf(
  `${CALLS} ${READS}; @id("human") permit (principal in Role::"member", action == Action::"file.read", resource);`,
  { ceiling: false },
)

const HALT: Halt = {
  tenant: DEFAULT_TENANT,
  target: 'tenant',
  id: DEFAULT_TENANT,
  at: 0,
  by: 'mona' as HumanId,
  reason: 'enough',
}

/** The gate that remembers, and how often its policies were asked about a tool. */
let gate: Gate
let asked: number
let policies: PolicySet
let classifier: Classifier
let caller: Caller
let tools: readonly ListedTool[]

beforeEach(async () => {
  asked = 0
  classifier = { ...h().deps.classifier, actionsOf: () => ['file.read'], edition: {} }
  use(compile())
  gate = createGate(deps())
  tools = ['read', 'look'].map((name) => toolOf(name))
  await h().board.see(FILES, [serverOf('a'), ...tools.map(definitionOf)])
  caller = await h().callerOf()
})

function deps(): GateDeps {
  const { board } = h()
  return {
    ...h().deps,
    pins: board,
    policies: { current: () => policies },
    get classifier() {
      return classifier
    },
  }
}

function use(set: PolicySet): void {
  policies = {
    ...set,
    visible: (request) => {
      asked += 1
      return set.visible(request)
    },
  }
}

function toolOf(name: string, turn = 'a'): ListedTool {
  return { server: FILES, definition: { name, digest: turn.repeat(64) as Digest } }
}

function serverOf(turn: string) {
  return { name: SERVER_PIN, digest: turn.repeat(64) as Digest, definition: {} }
}

function definitionOf({ definition: { name, digest } }: ListedTool) {
  return { name, digest, definition: { name } }
}

const list = (): Promise<readonly ListedTool[]> => gate.visible(caller, tools, { requestId: '1' })

test('R-MCP-2: a list that is asked for again as it was is not judged anew, and recorded all the same', async () => {
  tools = [...tools, toolOf('read', 'b')]
  const first = await list()
  expect(first).toEqual(tools.slice(0, 2))
  expect(asked).toBe(3)
  h().now += 60_000
  expect(await list()).toBe(first)
  expect(asked).toBe(3)
  const other = await h().callerOf()
  expect(await gate.visible(other, [...tools], { requestId: '2' })).toBe(first)
  expect(asked).toBe(6)
  const records = await h().store.records.query({ tenant: caller.chain.task.tenant, kind: 'list' })
  expect(records.map(({ envelope, detail }) => [envelope.data, detail?.data])).toEqual(
    Array.from({ length: 3 }, () => [
      { shown: 2, hidden: 1, policyHash: policies.hash },
      { hidden: ['files/read'] },
    ]),
  )
})

test.each<[string, () => void | Promise<void>]>([
  ['other policies', () => use(compileNone())],
  [
    'a definition that was changed',
    () => {
      tools = tools.map(({ definition: { name } }) => toolOf(name, 'b'))
    },
  ],
  ['a server that turned into another one', () => h().board.see(FILES, [serverOf('b')])],
  [
    'another classifier',
    () => void (classifier = { ...classifier, actionsOf: () => ['file.delete'], edition: {} }),
  ],
  [
    'a scope',
    async () => {
      caller = await h().callerOf({ scope: { tools: ['files__write'] } })
    },
  ],
  ['a halt', () => void (caller = { ...caller, standing: { revision: 1, halts: [HALT] } })],
])('R-MCP-2: %s counts from the next list on', async (_what, change) => {
  expect(await list()).toEqual(tools)
  await change()
  expect(await list()).toEqual([])
})

test('R-MCP-2: so does a role that a human lost, an hour, and what the task did, where policies look at it', async () => {
  use(compileByRole())
  expect(await list()).toHaveLength(2)
  caller = { ...caller, human: { ...caller.human, roles: [] } }
  expect(await list()).toEqual([])

  use(compileByDay())
  expect(await list()).toHaveLength(2)
  h().now += 9 * 3_600_000
  expect(await list()).toEqual([])

  use(compileFew())
  caller = await h().callerOf()
  expect(await list()).toHaveLength(2)
  const { tenant, id } = caller.chain.task
  const change = { kind: 'add-facts' as const, tenant, root: id, add: { calls: 1 } }
  await h().store.journal.commit({ records: [], changes: [change] })
  expect(await list()).toEqual([])
})

test('R-MCP-2: nothing is remembered where it cannot be told what it was found with', async () => {
  classifier = { ...classifier, edition: undefined }
  await list()
  await list()
  expect(asked).toBe(4)
})
