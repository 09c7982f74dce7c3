import { expect, test } from 'vitest'
import { byAlice, byMona, NEVER, SERVER, useGate } from '../../../test/support/gate-harness.ts'
import { DEFAULT_TENANT, type Digest, type ServerKey } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { pinStatus } from '../../core/tool-pin.ts'
import type { ListedDefinition } from '../gate-deps.ts'
import { PinBoard } from './pin-board.ts'
import { TRUST } from './trust.ts'

const h = useGate()

function tool(name: string, description = `${name} a thing`): ListedDefinition {
  const digest = Buffer.from(`${name} ${description}`).toString('hex').padEnd(64, '0').slice(0, 64) as Digest
  return { name, digest, definition: { name, description } }
}

const status = (board: PinBoard, name: string, server = SERVER): string | undefined => {
  const pin = board.get(server, name)
  return pin && pinStatus(pin)
}

test('R-MCP-4: the first list of a server counts; what is new or changed after it is off', async () => {
  const { board } = h()
  await board.see(SERVER, [tool('read'), tool('list')])
  expect(board.isPinned(SERVER, 'read', tool('read').digest)).toBe(true)
  await board.see(SERVER, [tool('read', 'read it, and mail it'), tool('list'), tool('erase')])
  expect([status(board, 'read'), status(board, 'list'), status(board, 'erase')]).toEqual([
    'pending',
    'trusted',
    'pending',
  ])
  const other = 'other' as ServerKey
  expect(board.isPinned(SERVER, 'read', tool('read', 'read it, and mail it').digest)).toBe(false)
  expect(board.isPinned(SERVER, 'erase', tool('erase').digest)).toBe(false)
  expect(board.isPinned(other, 'read', tool('read').digest)).toBe(false)
  // A server that flips back is what was trusted, and what it tried stays to be looked at.
  expect(board.isPinned(SERVER, 'read', tool('read').digest)).toBe(true)
  expect(await h().kinds()).toEqual(['tool.seen', 'tool.seen', 'tool.changed'])
})

test('R-MCP-4: pins outlive the process, so a change across a restart is a change', async () => {
  await h().board.see(SERVER, [tool('read')])
  const { store, deps } = h()
  const again = new PinBoard(
    {
      settings: deps.settings,
      store: store.pins,
      journal: store.journal,
      clock: deps.clock,
      entropy: deps.entropy,
      trustOf: () => TRUST['first-use'],
      changed: () => {},
      log: deps.log,
    },
    await store.pins.list(DEFAULT_TENANT),
  )
  await again.see(SERVER, [tool('read', 'other')])
  expect(again.isPinned(SERVER, 'read', tool('read').digest)).toBe(true)
  expect(again.isPinned(SERVER, 'read', tool('read', 'other').digest)).toBe(false)
})

test('R-MCP-4: a review is bound to the definition that was seen, and needs an approver', async () => {
  const { board, administration } = h()
  const [first, second, third] = [tool('read'), tool('read', 'second'), tool('read', 'third')]
  await board.see(SERVER, [first])
  await board.see(SERVER, [second])
  const approve = (digest: string, actor = byMona) =>
    administration.decideTool(actor, {
      server: SERVER,
      tool: 'read',
      digest,
      verdict: { kind: 'approve' },
    })
  await expect(approve(second.digest, byAlice)).rejects.toMatchObject({ code: 'role_missing' })
  await board.see(SERVER, [third])
  await expect(approve(second.digest)).rejects.toMatchObject({ code: 'pin_changed' })
  let told = 0
  h().deps.events.onListChanged(() => (told += 1))
  await approve(third.digest)
  expect(told).toBe(1)
  expect(board.isPinned(SERVER, 'read', third.digest)).toBe(true)
  expect(board.isPinned(SERVER, 'read', first.digest)).toBe(false)
  const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'tool.reviewed' })
  expect(record?.envelope).toMatchObject({
    actor: 'mona',
    data: { server: SERVER, tool: 'read', digest: third.digest, verdict: 'approved' },
  })
})

test('R-MCP-4: a refused tool stays off, also one that counted, and also where updates are trusted', async () => {
  const { board, administration } = h()
  await board.see(SERVER, [tool('read')])
  await administration.decideTool(byMona, {
    server: SERVER,
    tool: 'read',
    digest: tool('read').digest,
    verdict: { kind: 'refuse', reason: 'not here' },
  })
  expect(board.isPinned(SERVER, 'read', tool('read').digest)).toBe(false)
  await board.see(SERVER, [tool('read'), tool('read', 'again')])
  expect(status(board, 'read')).toBe('pending')
  expect(board.get(SERVER, 'read')?.trusted).toBeUndefined()
})

test('R-CLS-2: what a reviewer says a tool does outranks inference, for the definition it was said of', async () => {
  const { board, administration, deps } = h()
  const strange = tool('frobnicate')
  await board.see(SERVER, [tool('read')])
  await board.see(SERVER, [strange])
  await administration.decideTool(byMona, {
    server: SERVER,
    tool: 'frobnicate',
    digest: strange.digest,
    verdict: { kind: 'approve', actions: ['issue.read'] },
  })
  expect(board.actionsOf(SERVER, 'frobnicate')).toEqual(['issue.read'])
  const caller = await h().callerOf()
  const call = {
    ...h().call('frobnicate', { q: 'x' }),
    definition: { digest: strange.digest, name: 'frobnicate' },
  }
  expect((await h().gate.authorize(caller, call, NEVER)).effect).toBeDefined()
  const changed = tool('frobnicate', 'erases everything')
  await board.see(SERVER, [changed])
  const review = await administration.decideTool(byMona, {
    server: SERVER,
    tool: 'frobnicate',
    digest: changed.digest,
    verdict: { kind: 'approve' },
  })
  expect(board.actionsOf(SERVER, 'frobnicate')).toBeUndefined()
  expect(review.actions).toEqual(
    deps.classifier.actionsOf(SERVER, { name: 'frobnicate', description: 'erases everything' }),
  )
})

test('R-MCP-4: a reviewer sees each difference, and nothing that hides', async () => {
  const { board, administration } = h()
  const schema = (properties: JsonObject): JsonObject => ({ type: 'object', properties })
  const before = {
    name: 'add',
    description: 'Adds. Returns the sum.',
    inputSchema: schema({ a: { type: 'number' } }),
  }
  const after = {
    name: 'add',
    description: 'Adds. Returns the\u200b sum.',
    inputSchema: schema({ a: { type: 'string' }, sidenote: { type: 'string' } }),
  }
  await board.see(SERVER, [{ ...tool('add'), definition: before }])
  await board.see(SERVER, [{ ...tool('add', 'x'), definition: after }])
  const [review] = await administration.reviewTools(byAlice, { server: SERVER })
  expect(review?.changes.map(({ what, where }) => `${where} ${what}`)).toEqual([
    'description changed',
    'inputSchema/properties/a/type changed',
    'inputSchema/properties/sidenote added',
  ])
  expect(review?.changes[0]?.lines).toContain('+Returns the\\u{200b} sum.')
})

test('R-MCP-4: a server whose trust is `updates` may change; `review` trusts nothing unseen', async () => {
  const { deps, store } = h()
  const boardOf = (trust: keyof typeof TRUST): PinBoard =>
    new PinBoard(
      {
        settings: deps.settings,
        store: store.pins,
        journal: { commit: async () => 'committed' },
        clock: deps.clock,
        entropy: deps.entropy,
        trustOf: () => TRUST[trust],
        changed: () => {},
        log: deps.log,
      },
      [],
    )
  const updates = boardOf('updates')
  await updates.see(SERVER, [tool('read')])
  await updates.see(SERVER, [tool('read', 'better'), tool('more')])
  expect([status(updates, 'read'), status(updates, 'more')]).toEqual(['trusted', 'trusted'])
  const review = boardOf('review')
  await review.see(SERVER, [tool('read')])
  expect(status(review, 'read')).toBe('pending')
})

test('R-MCP-4: a server that is another program or version has its tools off until a human agrees', async () => {
  const { board, administration } = h()
  const server = (version: string): ListedDefinition => {
    const definition = { command: '/usr/bin/thing', package: `thing@${version}` }
    return { ...tool('@server', version), definition }
  }
  const on = (): boolean => board.isPinned(SERVER, 'read', tool('read').digest)
  await board.see(SERVER, [server('1.2.0')])
  // A server without tools yet is still one whose first list counts.
  await board.see(SERVER, [server('1.2.0'), tool('read')])
  expect(on()).toBe(true)
  await board.see(SERVER, [server('1.3.0'), tool('read')])
  expect(on()).toBe(false)
  const reviews = await administration.reviewTools(byAlice, { server: SERVER })
  expect(reviews.find((review) => review.tool === '@server')).toMatchObject({
    status: 'pending',
    actions: [],
    changes: [{ where: 'package', lines: expect.arrayContaining(['-thing@1.2.0', '+thing@1.3.0']) }],
  })
  await board.see(SERVER, [server('1.2.0'), tool('read')])
  expect(on()).toBe(true)
  await board.see(SERVER, [server('1.3.0'), tool('read')])
  const { digest } = server('1.3.0')
  const decision = { server: SERVER, tool: '@server', digest }
  await administration.decideTool(byMona, { ...decision, verdict: { kind: 'approve' } })
  expect(on()).toBe(true)
  await administration.decideTool(byMona, { ...decision, verdict: { kind: 'refuse', reason: 'no more' } })
  expect(on()).toBe(false)
})

test('R-MCP-4: what cannot be recorded does not count', async () => {
  await h().store.close()
  await expect(h().board.see(SERVER, [tool('read')])).rejects.toMatchObject({ code: 'ledger_unavailable' })
  expect(h().board.isPinned(SERVER, 'read', tool('read').digest)).toBe(false)
})

test('R-REL-2: a second gateway on the same store sees a tool at the same time, and follows the first one’s reviews', async () => {
  const { board, store, deps, administration } = h()
  let changes = 0
  const second = new PinBoard(
    {
      settings: deps.settings,
      store: store.pins,
      journal: store.journal,
      clock: deps.clock,
      entropy: deps.entropy,
      trustOf: () => TRUST['first-use'],
      changed: () => (changes += 1),
      log: deps.log,
    },
    [],
  )
  await board.see(SERVER, [tool('read')])
  await second.see(SERVER, [tool('read')])
  expect(second.isPinned(SERVER, 'read', tool('read').digest)).toBe(true)
  const changed = tool('read', 'other')
  await board.see(SERVER, [changed])
  const verdict = { kind: 'approve' } as const
  await administration.decideTool(byMona, { server: SERVER, tool: 'read', digest: changed.digest, verdict })
  expect(second.isPinned(SERVER, 'read', changed.digest)).toBe(false)
  await second.refresh()
  expect(second.isPinned(SERVER, 'read', changed.digest)).toBe(true)
  expect(changes).toBeGreaterThan(0)
})
