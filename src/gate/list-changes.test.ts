import { describe, expect, test } from 'vitest'
import {
  byAlice,
  byMona,
  SERVER,
  showing,
  useGate,
  type GateHarness,
} from '../../test/support/gate-harness.ts'
import type { Digest, ServerKey } from '../core/ids.ts'
import { createDelegation } from './delegate.ts'
import type { Caller, ListChange } from './gate.ts'

const h = useGate()

/** A task, what it is shown, and what it is told of. */
interface Watched {
  readonly caller: Caller
  readonly token: string
  readonly changes: ListChange[]
  readonly endings: { count: number }
}

/** Thumbprint of the key that holds each task. */
const KEY = 'A'.repeat(43)

const OFFERED = ['filesystem', 'other'].map((server) => ({
  server: server as ServerKey,
  definition: { digest: 'd'.repeat(64) as Digest, name: 'read_text_file' },
}))

async function watch(budget: { calls?: number } = {}): Promise<Watched> {
  const { token } = await h().administration.createTask(byAlice, {
    workflow: 'fix-tests',
    intent: 'mend the tests',
    workspace: h().workspace,
    budget,
    holder: KEY,
  })
  const watched = {
    caller: await h().gate.identify(token, showing(KEY)),
    token,
    changes: [] as ListChange[],
    endings: { count: 0 },
  }
  h().gate.onListChanged((change) => watched.changes.push(change))
  h().gate.onAuthorityEnded(() => (watched.endings.count += 1))
  return watched
}

/** `undefined` = it may not even ask any more. */
async function shownTo({ token }: Watched): Promise<readonly string[] | undefined> {
  const caller = await h()
    .gate.identify(token, showing(KEY))
    .catch(() => undefined)
  if (caller === undefined) return undefined
  const shown = await h().gate.visible(caller, OFFERED, { requestId: '1' })
  return shown.map(({ server }) => server)
}

type Change = (harness: GateHarness, watched: Watched) => Promise<unknown>
const wish = (target: 'agent' | 'human' | 'server' | 'tenant', id: string) => ({ target, id, reason: 'x' })
const kill =
  (...of: Parameters<typeof wish>): Change =>
  ({ administration }) =>
    administration.placeHalt(byMona, wish(...of))

const BOTH = ['filesystem', 'other']

describe('R-MCP-2: lists are said to have changed when they did, and only then', () => {
  test.each<[string, Change, { readonly shown: readonly string[]; readonly told: readonly ListChange[] }]>([
    [
      'the task is renewed',
      ({ administration }, { caller }) => administration.renewTask(byAlice, caller.chain.task.id, 7_000_000),
      { shown: BOTH, told: [] },
    ],
    [
      'a token more is given',
      ({ administration }, { caller }) => administration.issueToken(byAlice, caller.chain.task.id),
      { shown: BOTH, told: [] },
    ],
    [
      'another task is made',
      ({ administration }) => administration.createTask(byAlice, { workflow: 'fix-tests', intent: 'else' }),
      { shown: BOTH, told: [] },
    ],
    ['a server is stopped', kill('server', SERVER), { shown: ['other'], told: [{ server: SERVER }] }],
    [
      'a server that it does not see is stopped',
      kill('server', 'third'),
      { shown: BOTH, told: [{ server: 'third' as ServerKey }] },
    ],
    ['somebody else’s agent is stopped', kill('agent', 'codex'), { shown: BOTH, told: [] }],
    ['another human is stopped', kill('human', 'mona'), { shown: BOTH, told: [] }],
    [
      'the glass is broken',
      async ({ administration }, { caller }) =>
        administration.requestGlass(byMona, { task: caller.chain.task.id, reason: 'night' }),
      { shown: BOTH, told: [] },
    ],
    [
      'a human agrees to a call',
      async (harness, { caller }) =>
        harness.administration.approve(
          byMona,
          (await harness.askedFor(caller, harness.write('.github/workflows/ci.yml'))).id,
          {},
        ),
      { shown: BOTH, told: [] },
    ],
  ])('%s', async (_, change, { shown, told }) => {
    const watched = await watch()
    expect(await shownTo(watched)).toEqual(BOTH)
    await change(h(), watched)
    expect(await shownTo(watched)).toEqual(shown)
    expect(watched.changes).toEqual(told)
  })

  test('a server that is let go again is in the lists again', async () => {
    const watched = await watch()
    await kill('server', SERVER)(h(), watched)
    await h().administration.liftHalt(byMona, wish('server', SERVER))
    expect(await shownTo(watched)).toEqual(BOTH)
    expect(watched.changes).toEqual([{ server: SERVER }, { server: SERVER }])
  })

  test('the last call of a budget takes the lists with it, of this tree of tasks alone', async () => {
    const watched = await watch({ calls: 2 })
    const other = await watch()
    const call = () => h().gate.authorize(watched.caller, h().read('src/a.ts'), new AbortController().signal)
    expect((await call()).effect).toBe('allow')
    expect(watched.changes).toEqual([])
    expect((await call()).effect).toBe('allow')
    expect((await call()).effect).toBe('deny')
    expect(watched.changes).toEqual([{ root: watched.caller.chain.task.id }])
    expect(await shownTo(watched)).toEqual([])
    expect(await shownTo(other)).toEqual(BOTH)
  })
})

describe('R-ID-3: who has streams is told at once that something ended', () => {
  test.each<[string, Change]>([
    [
      'revoked',
      ({ administration }, { caller }) => administration.revokeTask(byMona, caller.chain.task.id, 'x'),
    ],
    [
      'completed',
      ({ administration }, { caller }) => administration.completeTask(byMona, caller.chain.task.id),
    ],
    ['its agent stopped', kill('agent', 'unnamed')],
    ['its human stopped', kill('human', 'alice')],
    ['everything stopped', kill('tenant', 'default')],
  ])('%s: no list is said to have changed, since none is left', async (_, end) => {
    const watched = await watch()
    await end(h(), watched)
    expect(watched.endings.count).toBe(1)
    expect(watched.changes).toEqual([])
    expect(await shownTo(watched)).toBeUndefined()
  })

  test('a child ends with its parent, and its caller says until when it may go on at most', async () => {
    const watched = await watch()
    const { caller } = watched
    expect(caller.until).toBe(caller.chain.task.expires)
    const delegation = createDelegation(h().deps)
    const asked = { intent: 'a part', lifetime: 60_000 }
    const pending = await delegation
      .delegate({ token: watched.token, showing: showing(KEY) }, asked, { requestId: '1' })
      .catch(() => undefined)
    expect(pending).toBeUndefined()
    const [approval] = await h().store.approvals.list(caller.chain.task.tenant, { limit: 1 })
    await h().administration.approve(byMona, approval!.id, {})
    const child = await delegation.delegate({ token: watched.token, showing: showing(KEY) }, asked, {
      requestId: '2',
    })
    expect(watched.changes).toEqual([])
    expect((await h().gate.identify(child.token)).until).toBe(h().now + 60_000)
    await h().administration.revokeTask(byAlice, caller.chain.task.id, 'x')
    await expect(h().gate.identify(child.token)).rejects.toMatchObject({ code: 'task_revoked' })
  })
})
