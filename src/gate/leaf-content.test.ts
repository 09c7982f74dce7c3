import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { byAlice, byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import type { StoredRecord } from '../audit/record-reader.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import { DEFAULT_TENANT, type TaskId } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import { createErasures } from './erasure/create-erasures.ts'
import { expireApprovals } from './expire-approvals.ts'

const h = useGate()
/** In everything that people and agents write here. */
const MARK = 'zq7mark'
/** A credential, as forges write them. */
const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('')
const CI = '.github/workflows/a.yml'

/** Every text below a value, and every value as canonical JSON. */
function* piecesOf(value: Json | undefined): Generator<string> {
  if (value === undefined || value === null) return
  if (typeof value === 'string') yield value
  if (typeof value !== 'object') return
  yield canonicalJson(value)
  for (const each of Object.values(value)) yield* piecesOf(each)
}

/** Strings that stand in a body, but for what it says of itself and its writer. */
function leafTexts({ body }: StoredRecord): readonly string[] {
  const { sealed: _sealed, writer: _writer, ...said } = JSON.parse(body) as { [name: string]: Json }
  return [...piecesOf(said)].filter((text) => !text.startsWith('{') && !text.startsWith('['))
}

function hashesOf(text: string): readonly string[] {
  const digest = createHash('sha256').update(text).digest()
  const hex = digest.toString('hex')
  return [hex, hex.slice(0, 32), hex.slice(0, 16), digest.toString('base64'), digest.toString('base64url')]
}

/** Calls of every outcome, with whatever people may write beside them. */
async function liveThrough(): Promise<readonly StoredRecord[]> {
  const { administration, gate } = h()
  const caller = await h().callerOf({ intent: `${MARK} mend the tests` })
  const read = await gate.authorize(caller, h().read('src/a.ts'), NEVER)
  if (read.effect !== 'allow') throw new Error('expected allow')
  const result = { content: [{ type: 'text', text: `${MARK} result` }] }
  await gate.settle(read.decisionId, { status: 'ok', micros: 7, bytes: 9, result })
  await gate.authorize(caller, h().read(`${MARK}/.env`), NEVER)
  const write = h().write(CI, `${MARK} content`)
  const asked = await h().askedFor(caller, write)
  await administration.viewApproval(byMona, asked.id)
  await administration.approve(byMona, asked.id, { comment: `${MARK} fine` })
  const agreed = await gate.authorize(caller, write, NEVER)
  if (agreed.effect !== 'allow') throw new Error('expected allow')
  await gate.settle(agreed.decisionId, { status: 'error', micros: 1, bytes: 0, error: `${MARK} failed` })
  const refused = await h().askedFor(caller, h().write('.github/workflows/b.yml', `${MARK} other`))
  await administration.refuse(byMona, refused.id, `${MARK} no`)
  const lasting = await h().askedFor(caller, h().command(`npm run ${MARK}`))
  await administration.approve(byMona, lasting.id, { grant: 'task' })
  await gate.authorize(caller, h().command(`npm run ${MARK}`), NEVER)
  const [grant] = await administration.listGrants(byMona, { limit: 1 })
  if (grant === undefined) throw new Error('expected a grant')
  await administration.revokeGrant(byMona, grant.id, `${MARK} enough`)
  await gate.authorize(caller, h().call(`read ${MARK}/secret path`, { path: `${MARK}/x` }), NEVER)
  await gate.authorize(caller, { ...h().read('src/a.ts'), kind: 'resource', tool: `file:///${MARK}` }, NEVER)
  await administration.placeHalt(byMona, { target: 'agent', id: 'someone', reason: `${MARK} stop` })
  await administration.revokeTask(byAlice, caller.chain.task.id, `${MARK} over`)
  return h().store.records.query({ tenant: DEFAULT_TENANT, limit: 1_000 })
}

test('R-AUD-2: no field of a body is content, or a plain hash of content, of any record', async () => {
  const records = await liveThrough()
  const kinds = new Set(records.map(({ envelope }) => envelope.kind))
  expect([...kinds].toSorted()).toEqual(
    [
      'approval.granted',
      'approval.refused',
      'approval.requested',
      'approval.viewed',
      'decision',
      'grant.created',
      'grant.revoked',
      'halt.placed',
      'outcome',
      'task.created',
      'task.revoked',
    ].toSorted(),
  )
  const forbidden = new Set<string>()
  for (const { detail, payload } of records) {
    for (const piece of piecesOf({ detail, payload } as unknown as Json)) {
      for (const hash of hashesOf(piece)) forbidden.add(hash)
    }
  }
  // Digests that the gate itself makes of calls: they stand in rows that an erasure blanks, never in a leaf.
  const approvals = await h().store.approvals.list(DEFAULT_TENANT, { limit: 100 })
  for (const { call, work = [], offer } of approvals) {
    for (const digest of [call, ...work, offer?.covers.digest ?? call]) forbidden.add(digest)
  }
  expect(forbidden.size).toBeGreaterThan(500)
  for (const record of records) {
    const found = leafTexts(record).filter((text) => text.includes(MARK) || forbidden.has(text))
    expect({ kind: record.envelope.kind, found }).toEqual({ kind: record.envelope.kind, found: [] })
  }
})

test('R-AUD-1: one call that was asked about is on record with everything that R-AUD-1 names', async () => {
  const parent = await h().callerOf({ intent: 'release the parser' })
  const child = (parent.chain.task.id + '_child') as TaskId
  await h().store.journal.commit({
    records: [],
    changes: [
      { kind: 'insert-task', task: { ...parent.chain.task, id: child, parent: parent.chain.task.id } },
    ],
  })
  const token = JSON.stringify({
    tenant: DEFAULT_TENANT,
    task: child,
    human: 'alice',
    expires: h().now + 60_000,
  })
  const caller = { ...(await h().gate.identify(token)), holderBound: true }
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const call = {
    ...h().write(CI, `${TOKEN} is not for the record`),
    correlation: { requestId: '9', traceparent },
  }
  const approval = await h().askedFor(caller, call)
  h().now += 1_000
  await h().administration.viewApproval(byMona, approval.id)
  await h().administration.viewApproval(byMona, approval.id)
  h().now += 1_000
  await h().administration.approve(byMona, approval.id, { comment: 'as agreed' })
  const verdict = await h().gate.authorize(caller, call, NEVER)
  if (verdict.effect !== 'allow') throw new Error('expected allow')
  const result = { content: [{ type: 'text', text: 'written' }] }
  await h().gate.settle(verdict.decisionId, { status: 'ok', micros: 1_234, bytes: 7, result })
  const records = await h().store.records.query({ tenant: DEFAULT_TENANT, task: child })
  const of = (kind: string, id: string): StoredRecord => {
    const found = records.filter(({ envelope }) => envelope.kind === kind && envelope.id === id)
    // Looked at twice within minutes, it is on record as looked at once.
    expect(found).toHaveLength(1)
    return found[0]!
  }
  expect(of('decision', verdict.decisionId)).toMatchObject({
    envelope: {
      tenant: DEFAULT_TENANT,
      identity: {
        human: 'alice',
        agent: { id: expect.any(String), kind: expect.any(String) },
        task: child,
        chain: [parent.chain.task.id, child],
        environment: { claimed: 'laptop', proved: false },
        workflow: 'fix-tests',
      },
      correlation: { requestId: '9', traceparent },
      call: {
        door: 'mcp',
        kind: 'tool',
        server: 'filesystem',
        tool: 'write_file',
        definition: 'd'.repeat(64),
      },
      operations: expect.arrayContaining([
        expect.objectContaining({ action: 'file.write', labels: expect.arrayContaining(['ci']) }),
      ]),
      decision: {
        effect: 'allow',
        policies: expect.arrayContaining([expect.any(String)]),
        policyHash: h().policies.hash,
        micros: expect.any(Number),
      },
      approval: { id: approval.id, approvers: ['mona'], policyHash: h().policies.hash },
      sealed: {
        detail: expect.stringMatching(/^[0-9a-f]{64}$/),
        payload: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    },
    detail: {
      intent: 'release the parser',
      reasons: expect.arrayContaining([expect.objectContaining({ text: expect.any(String) })]),
      facts: { taskState: 'active' },
      secrets: [expect.objectContaining({ pointer: '/content' })],
    },
    payload: { arguments: { path: expect.stringContaining(CI) } },
  })
  expect(JSON.stringify(records)).not.toContain(TOKEN)
  const requested = of('approval.requested', approval.id)
  expect(requested.detail?.prompt).toBe(approval.prompt)
  expect(of('approval.viewed', approval.id).envelope).toMatchObject({
    actor: 'mona',
    at: new Date(h().now - 1_000).toISOString(),
  })
  expect(of('approval.granted', approval.id)).toMatchObject({
    envelope: { actor: 'mona', at: new Date(h().now).toISOString(), approval: { approvers: ['mona'] } },
    detail: { comment: 'as agreed' },
  })
  expect(of('outcome', verdict.decisionId)).toMatchObject({
    envelope: { outcome: { status: 'ok', micros: 1_234, bytes: 7 }, correlation: { traceparent } },
    payload: { result },
  })
})

test('R-AUD-2: what was erased is in no answer to whoever watches requests, nor in any row', async () => {
  await liveThrough()
  const watch = () => h().administration.watchApprovals(byMona, { since: 1, timeout: 0, signal: NEVER })
  expect(JSON.stringify(await watch())).toContain(MARK)
  h().now += 86_400_000
  await expireApprovals(h().deps)
  const erasures = createErasures({ ...h().deps, holds: h().store.holds })
  const wish = { selection: { before: h().now }, parts: ['detail', 'payload'] as const, reason: 'case 7' }
  expect(await erasures.erase(byMona, wish)).toMatchObject({ live: [], grants: 1, tasks: 1 })
  expect(JSON.stringify(await watch())).not.toContain(MARK)
  const rows = await Promise.all([
    h().store.approvals.list(DEFAULT_TENANT, { limit: 100 }),
    h().store.grants.list(DEFAULT_TENANT, { limit: 100 }),
    h().store.tasks.list(DEFAULT_TENANT, 100),
    h().store.records.query({ tenant: DEFAULT_TENANT, limit: 1_000 }),
  ])
  const text = JSON.stringify(rows)
  const at = text.indexOf(MARK)
  expect(at < 0 ? '' : text.slice(at - 300, at + 20)).toBe('')
})
