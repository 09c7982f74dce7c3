import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import type { JsonObject } from '../../src/core/json.ts'
import { startAuthzenGateway, type AuthzenGateway } from '../support/authzen-gateway.ts'

/**
 * The Todo scenario of OpenID's AuthZEN interoperability tests. The people have their own ids as `subject.id`, where the
 * scenario has ids of an identity provider; which todos are whose, it says itself.
 */
const PEOPLE = {
  'rick@the-citadel.com': ['admin', 'evil_genius'],
  'morty@the-citadel.com': ['editor'],
  'summer@the-smiths.com': ['editor'],
  'beth@the-smiths.com': ['viewer'],
  'jerry@the-smiths.com': ['viewer'],
}
const RICK = 'rick@the-citadel.com'

/** Every decision of the scenario: what each may do to todos of Rick's and to their own. */
const CAN: Readonly<Record<string, readonly [anyones: readonly string[], own: readonly string[]]>> = {
  'rick@the-citadel.com': [
    ['can_read_user', 'can_read_todos', 'can_create_todo', 'can_update_todo', 'can_delete_todo'],
    ['can_update_todo', 'can_delete_todo'],
  ],
  'morty@the-citadel.com': [
    ['can_read_user', 'can_read_todos', 'can_create_todo'],
    ['can_update_todo', 'can_delete_todo'],
  ],
  'summer@the-smiths.com': [
    ['can_read_user', 'can_read_todos', 'can_create_todo'],
    ['can_update_todo', 'can_delete_todo'],
  ],
  'beth@the-smiths.com': [['can_read_user', 'can_read_todos'], []],
  'jerry@the-smiths.com': [['can_read_user', 'can_read_todos'], []],
}

let gateway: AuthzenGateway
beforeAll(async () => {
  gateway = await startAuthzenGateway({
    people: { ...PEOPLE, alice: ['member'], bob: ['member'] },
    policies: join(import.meta.dirname, 'scenarios'),
    config: `authzen:
  tools:
    can_read_user: { actions: [data.read] }
    can_read_todos: { actions: [data.read] }
    can_create_todo: { actions: [data.write] }
    can_update_todo: { actions: [data.write], facts: { owner: { pointer: /properties/ownerID, type: string } } }
    can_delete_todo: { actions: [data.delete], facts: { owner: { pointer: /properties/ownerID, type: string } } }
    read: { actions: [data.read] }
    write:
      actions: [data.write]
      facts:
        record: { pointer: /id, type: string }
        status: { pointer: /properties/status, type: string, optional: true }
        role: { pointer: /subject/role, type: string, optional: true }
    delete: { actions: [data.delete], facts: { soft: { pointer: /action/soft, type: boolean } } }
`,
  })
}, 120_000)
afterAll(() => gateway.remove())

const todoOf = (owner: string) => ({ type: 'todo', id: `todo-of-${owner}`, properties: { ownerID: owner } })
const user = (id: string) => ({ type: 'user', id })

describe('R-API-1: the Todo scenario of the AuthZEN interoperability tests', () => {
  test.each(Object.keys(PEOPLE))('%s may what their roles let them', async (id) => {
    const [anyones = [], own = []] = CAN[id] ?? []
    const may = async (name: string, resource: object): Promise<boolean> =>
      (await gateway.evaluate(id, { subject: user(id), action: { name }, resource } as never)).decision
    for (const name of ['can_read_user', 'can_read_todos', 'can_create_todo']) {
      const resource = name === 'can_read_user' ? user('beth@the-smiths.com') : { type: 'todo', id: 'todo-1' }
      expect([name, await may(name, resource)]).toEqual([name, anyones.includes(name)])
    }
    for (const name of ['can_update_todo', 'can_delete_todo']) {
      const another = id === RICK ? 'morty@the-citadel.com' : RICK
      expect([name, 'of another', await may(name, todoOf(another))]).toEqual([
        name,
        'of another',
        anyones.includes(name),
      ])
      expect([name, 'own', await may(name, todoOf(id))]).toEqual([name, 'own', own.includes(name)])
    }
  })

  test.each([
    [RICK, [true, true]],
    ['morty@the-citadel.com', [false, true]],
    ['jerry@the-smiths.com', [false, false]],
  ])('%s asks about several todos at once', async (id, expected) => {
    const owners = [RICK, id === RICK ? 'jerry@the-smiths.com' : id]
    const { status, text } = await gateway.post(id, '/access/v1/evaluations', {
      subject: user(id),
      action: { name: 'can_update_todo' },
      evaluations: owners.map((owner) => ({ resource: todoOf(owner) })),
    })
    expect(status).toBe(200)
    const { evaluations } = JSON.parse(text) as { evaluations: { decision: boolean }[] }
    expect(evaluations.map(({ decision }) => decision)).toEqual(expected)
  })
})

const record = (id: string, status?: string): JsonObject => ({
  type: 'record',
  id,
  ...(status === undefined ? {} : { properties: { status } }),
})
const ACTIVE = record('record-1')
const ARCHIVED = record('record-2', 'archived')

/** Rules 1 to 8 of the fixture: whom, what, to what, and whether. */
const RULES: readonly (readonly [string, JsonObject, JsonObject, JsonObject, boolean])[] = [
  ['alice', {}, { name: 'read' }, ACTIVE, true],
  ['alice', {}, { name: 'write' }, ACTIVE, true],
  ['bob', {}, { name: 'read' }, ACTIVE, true],
  ['bob', {}, { name: 'write' }, ACTIVE, false],
  ['alice', {}, { name: 'write' }, ARCHIVED, false],
  ['bob', { properties: { role: 'admin' } }, { name: 'write' }, ARCHIVED, true],
  ['alice', {}, { name: 'delete', properties: { soft: true } }, ACTIVE, true],
  ['alice', {}, { name: 'delete', properties: { soft: false } }, ACTIVE, false],
]
const READ: JsonObject = { subject: user('alice'), action: { name: 'read' }, resource: ACTIVE }

async function evaluations(human: string, body: JsonObject): Promise<readonly JsonObject[]> {
  const { status, text } = await gateway.post(human, '/access/v1/evaluations', body)
  expect(status).toBe(200)
  return (JSON.parse(text) as { readonly evaluations: readonly JsonObject[] }).evaluations
}

describe('R-API-1: the certification scenario of AuthZEN, Basic', () => {
  test.each(RULES)('%s %j %j %j: %s', async (...[id, more, action, resource, decision]) => {
    const body = { subject: { ...user(id), ...more }, action, resource }
    const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' }
    expect(await gateway.evaluate(id, body)).toMatchObject({ decision })
    expect(await gateway.evaluate(id, { ...body, context })).toMatchObject({ decision })
  })

  test('what a request has beside is ignored (C-2-2-8, C-2-2-9)', async () => {
    const subject = { ...user('alice'), properties: { department: 'Sales' } }
    const body = { ...READ, subject, foo: 'bar', futureField: { nested: true } }
    expect(await gateway.evaluate('alice', body)).toMatchObject({ decision: true })
  })

  const { subject, action, resource } = READ
  test.each<[string, unknown]>([
    ['no subject', { action, resource }],
    ['no action', { subject, resource }],
    ['no resource', { subject, action }],
    ['a subject without type', { ...READ, subject: { id: 'alice' } }],
    ['a subject without id', { ...READ, subject: { type: 'user' } }],
    ['an action without name', { ...READ, action: {} }],
    ['a resource without type', { ...READ, resource: { id: 'record-1' } }],
    ['a resource without id', { ...READ, resource: { type: 'record' } }],
    ['a subject that is text', { ...READ, subject: 'alice' }],
    ['an action whose name is a number', { ...READ, action: { name: 123 } }],
    ['properties that are a list', { ...READ, resource: { type: 'record', id: '1', properties: [] } }],
    ['a context that is text', { ...READ, context: 'now' }],
    ['a list', [READ]],
    ['an unknown semantic', { ...READ, options: { evaluations_semantic: 'maybe' }, evaluations: [{}] }],
    ['evaluations that are no objects', { ...READ, evaluations: [1] }],
    ['more evaluations than are taken', { ...READ, evaluations: Array.from({ length: 101 }, () => ({})) }],
    ['a default that is none', { ...READ, subject: 'alice', evaluations: [READ] }],
  ])('%s is a bad request (C-2-4)', async (_, body) => {
    const path = '/access/v1/evaluations'
    const { status, headers, text } = await gateway.post('alice', path, body)
    expect([status, headers['content-type']]).toEqual([400, expect.stringMatching(/^text\/plain/)])
    expect(text).toMatch(/must/)
  })

  test('a body that is empty, no JSON, or of another type is a bad request (C-2-4-3 to C-2-4-5)', async () => {
    const send = async (body: string, type = 'application/json'): Promise<number> => {
      const headers = { authorization: `Bearer ${gateway.token('alice')}`, 'content-type': type }
      const url = `${gateway.agentUrl}/access/v1/evaluation`
      return (await fetch(url, { method: 'POST', headers, body })).status
    }
    expect(await send('')).toBe(400)
    expect(await send('{')).toBe(400)
    expect(await send('{"subject":{},"subject":{}}')).toBe(400)
    expect(await send(JSON.stringify(READ), 'text/plain')).toBe(400)
    expect(await send(JSON.stringify(READ), 'application/json; charset=utf-8')).toBe(200)
  })

  test('the id of a request comes back, also with what is wrong with it (C-2-5)', async () => {
    const path = '/access/v1/evaluation'
    const told = { 'x-request-id': 'bfe9eb29-ab87' }
    expect((await gateway.post('alice', path, READ, told)).headers).toMatchObject(told)
    expect((await gateway.post('alice', path, {}, told)).headers).toMatchObject(told)
    expect((await gateway.post('alice', path, READ)).headers).not.toHaveProperty('x-request-id')
    expect((await gateway.post('alice', path, READ, { 'x-request-id': 'x'.repeat(201) })).status).toBe(400)
  })
})

describe('R-API-1: the certification scenario of AuthZEN, Batch and Discovery', () => {
  test('defaults stand in whole for what an evaluation leaves out (C-3-2-3, C-3-2-7)', async () => {
    const body = { ...READ, action: { name: 'write' }, evaluations: [{}, { resource: ARCHIVED }] }
    expect(await evaluations('alice', body)).toMatchObject([{ decision: true }, { decision: false }])
  })

  test('without evaluations it is one evaluation (C-3-4-2, C-3-4-3)', async () => {
    for (const body of [READ, { ...READ, evaluations: [] }]) {
      const { text } = await gateway.post('alice', '/access/v1/evaluations', body)
      expect(JSON.parse(text)).toMatchObject({ decision: true })
    }
  })

  test('one that lacks something is a no of its own (C-3-4-1)', async () => {
    const { resource: _, ...rest } = READ
    const options = { evaluations_semantic: 'execute_all' }
    expect(
      await evaluations('alice', { ...rest, options, evaluations: [{ resource: ACTIVE }, {}] }),
    ).toMatchObject([
      { decision: true },
      { decision: false, context: { error: { status: 400, message: expect.stringMatching(/resource/) } } },
    ])
  })

  test('another subject than the token’s is a no: each asks with a task of its own (C-3-2-5)', async () => {
    const body = { ...READ, evaluations: [{}, { subject: user('bob') }] }
    expect(await evaluations('alice', body)).toMatchObject([{ decision: true }, { decision: false }])
    expect(await evaluations('bob', body)).toMatchObject([{ decision: false }, { decision: true }])
  })

  test.each([
    ['execute_all', [true, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('%s ends where it says (§7.1.2.1)', async (evaluations_semantic, expected) => {
    const items = [{ resource: ACTIVE }, { resource: ARCHIVED }, { resource: record('record-3') }]
    const body = { ...READ, action: { name: 'write' }, options: { evaluations_semantic }, evaluations: items }
    expect((await evaluations('alice', body)).map(({ decision }) => decision)).toEqual(expected)
  })

  test('what is offered stands where PEPs look for it, and searches are not (C-6)', async () => {
    const found = await fetch(`${gateway.agentUrl}/.well-known/authzen-configuration`)
    const at = gateway.agentUrl
    expect(await found.json()).toEqual({
      policy_decision_point: at,
      access_evaluation_endpoint: `${at}/access/v1/evaluation`,
      access_evaluations_endpoint: `${at}/access/v1/evaluations`,
      remit_outcomes_endpoint: `${at}/access/v1/outcomes`,
    })
    expect((await gateway.post('alice', '/access/v1/search/subject', READ)).status).toBe(404)
    expect((await fetch(`${at}/access/v1/evaluation`)).status).toBe(405)
  })
})
