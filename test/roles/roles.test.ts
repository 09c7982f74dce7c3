import type { Json } from '../../src/core/json.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOGIN_ENDPOINTS } from '../../src/api/login-endpoints.ts'
import { cellOf, type May } from '../../src/api/may.ts'
import { ROUTES } from '../../src/api/routes.ts'
import { type Role, ROLES } from '../../src/core/roles.ts'
import { ROOT } from '../support/running-gateway.ts'
import { newPageKey, signRequest } from '../support/sign-request.ts'
import { type Answer, ask } from '../tenants/ask.ts'
import { ROUTE_CASES, routeName } from '../tenants/route-cases.ts'
import {
  MARK,
  parsed,
  PEOPLE,
  type Person,
  type RoleGateway,
  startRoleGateway,
  type Traces,
} from './role-gateway.ts'

let at: RoleGateway

beforeAll(async () => {
  at = await startRoleGateway()
})

afterAll(async () => {
  await at.stop()
})

/** Who has this role and no other. */
const ONE_OF: Readonly<Record<Role, Person>> = {
  member: 'bob',
  approver: 'ann',
  auditor: 'aud',
  admin: 'adm',
}
const guarded = ROUTES.filter(({ who }) => !who.includes('anyone'))

const codeOf = ({ text }: Answer): string | undefined =>
  text.startsWith('{') ? (JSON.parse(text) as { error?: { code: string } }).error?.code : undefined

describe('R-ID-6: the table of routes and roles', () => {
  test.each(ROLES)('is what a human who is only %s meets', async (role) => {
    const met: Record<string, boolean> = {}
    for (const { method, path } of guarded) {
      // Nothing that is there is named: what is not refused for the role is refused for that, or does no harm.
      const target = `${path.replaceAll(/:\w+/g, 'none')}${/stream|watch|text/.test(path) ? '?unknown=1' : ''}`
      const answer =
        method === 'GET' ? await at.get(ONE_OF[role], target) : await at.post(ONE_OF[role], target)
      met[`${method} ${path}`] = !(answer.status === 403 && answer.text.includes('role_missing'))
    }
    const table = guarded.map(({ method, path, may, who }) => {
      return [`${method} ${path}`, who.includes('human') && cellOf(may, role) !== '-'] as const
    })
    expect(met).toEqual(Object.fromEntries(table))
  })

  test('lets an auditor change nothing but the review of broken glass, legal holds, their own views what concerns reviews, and trying policies, and an admin alone what is the gateway’s', () => {
    const changing = ROUTES.filter(({ method }) => method === 'POST')
    const named = (rows: readonly { readonly path: string }[]): readonly string[] =>
      rows.map(({ path }) => path)
    expect(named(changing.filter(({ may }) => cellOf(may, 'auditor') !== '-'))).toEqual([
      '/glass/:id/review',
      '/policies/replay',
      '/policies/propose',
      '/holds',
      '/holds/:id/lift',
      '/records/views',
      '/records/views/remove',
      '/why/:id/report',
      '/review/mark',
      '/review/sign-off',
    ])
    const own = named(changing.filter(({ may }) => cellOf(may, 'member') !== '-'))
    expect(own).not.toContain(
      expect.stringMatching(/secrets|keys|policy|servers\/(check|reload)|review|lift/),
    )
  })

  test('is the one in docs/roles.md', () => {
    const shown = (may: May): string => ROLES.map((role) => ` ${WORDS[cellOf(may, role)]} |`).join('')
    const routes = guarded.map(({ method, path, may }) => `| \`${method} ${path}\` |${shown(may)}`)
    const logins = [...LOGIN_ENDPOINTS].flatMap(([path, endpoint]) =>
      endpoint.who === 'session' ? [`| \`POST ${path}\` |${shown(endpoint.may)}`] : [],
    )
    const page = readFileSync(join(ROOT, 'docs', 'roles.md'), 'utf8')
    expect(page.split('\n').filter((line) => /^\| `(GET|POST) /.test(line))).toEqual([...routes, ...logins])
  })
})

const REACHES = { '-': undefined, o: 'own', e: 'bare', a: 'all' } as const
const WORDS = { '-': '', o: 'own', e: 'that they are', a: 'all' } as const

describe('R-ID-6: the pages of a login', () => {
  test.each(ROLES)('are for %s what the table of their endpoints says', async (role) => {
    const send = await session(ONE_OF[role])
    for (const [path, endpoint] of LOGIN_ENDPOINTS) {
      if (endpoint.who === 'anyone' || path === '/login/out') continue
      const refused = codeOf(await send(path, { id: 'none', name: 'x', human: 'nobody' })) === 'role_missing'
      expect([path, refused]).toEqual([path, cellOf(endpoint.may, role) === '-'])
    }
    const me = parsed(await send('/login/me', {}))
    expect(me['mayInvite']).toBe(role === 'admin')
    const cells = ROUTES.map(({ method, path, may }) => [`${method} ${path}`, REACHES[cellOf(may, role)]])
    expect(me['may']).toEqual(Object.fromEntries(cells.filter(([, reach]) => reach !== undefined)))
    const device = await send('/device', new URLSearchParams({ user_code: 'BCDF-GHJK' }))
    expect(codeOf(device)).toBe(role === 'auditor' ? 'role_missing' : 'delegation_closed')
  })
})

/** A browser in which somebody is logged in. */
async function session(person: Person) {
  const key = newPageKey()
  const { origin } = new URL(at.admin)
  let cookie = ''
  const send = async (path: string, sent: object | URLSearchParams): Promise<Answer> => {
    const form = sent instanceof URLSearchParams
    const body = form ? sent.toString() : JSON.stringify(sent)
    const url = new URL(`${at.admin}${path}`)
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
    const headers = {
      origin,
      cookie,
      'content-type': type,
      ...signRequest(key, { method: 'POST', url, body }),
    }
    const response = await fetch(url, { method: 'POST', headers, body })
    const [set = ''] = response.headers.getSetCookie()
    if (set !== '') cookie = set.split(';')[0] ?? ''
    return { status: response.status, headers: {}, text: await response.text() }
  }
  const code = `${person}:${at.code(person)}`
  expect((await send('/login/code', { code, key: key.jwk })).status).toBe(200)
  return send
}

/** What each names of alice’s, where all that is there for them is their own; ann may decide one kind of request. */
const OWN: readonly (keyof Traces)[] = ['task', 'approval', 'granted', 'glass', 'grant', 'decision']
const DECIDABLE: ReadonlySet<keyof Traces> = new Set(['approval', 'granted', 'grant'])

describe('R-ID-6: somebody else’s things are answered like what never was', () => {
  const cases = Object.entries(ROUTE_CASES).flatMap(([name, { names, path, body }]) => {
    const own = [names ?? []].flat().filter((each) => (OWN as readonly string[]).includes(each))
    const route = ROUTES.find((each) => routeName(each) === name)
    return own.length === 0 || route === undefined || route.page
      ? []
      : [{ name, names: own as (keyof Traces)[], path: path ?? (() => route.path), body, route }]
  })

  test.each(['member', 'approver', 'admin'] as const)('to %s, on every route', async (role) => {
    const person = ONE_OF[role]
    for (const { name, names, path, body, route } of cases) {
      if (cellOf(route.may, role) !== 'o') continue
      for (const named of names) {
        if (role === 'approver' && (DECIDABLE.has(named) || route.path === '/grants')) continue
        const [there, never] = await Promise.all(
          [at.traces[named], neverOf(at.traces[named])].map(async (id) => {
            const answer = await ask({
              method: route.method,
              url: `${at.admin}${path(id)}`,
              credential: `${person}:${at.code(person)}`,
              ...(body === undefined ? {} : { body: body(id) }),
            })
            return { status: answer.status, text: answer.text.replaceAll(id, '…') }
          }),
        )
        expect({ name, named, ...there }).toEqual({ name, named, ...never })
        expect(there?.text).not.toContain(MARK)
      }
    }
    const task = parsed(await at.get('mona', `/tasks/${at.traces.task}`))['task']
    expect(task).not.toHaveProperty('revoked')
  })
})

const pastId = ({ text }: Answer): string => /pst_\w+/.exec(text)?.[0] ?? ''

/** As long, and of the same kind. */
function neverOf(id: string): string {
  return `${id.slice(0, 4)}${'0'.repeat(id.length - 4)}`
}

describe('R-ID-6: who sees what of alice', () => {
  const LISTS = [
    '/tasks',
    '/fleet',
    '/approvals',
    '/grants',
    '/glass',
    '/records',
    '/records?kind=decision',
    '/records/query?q=kind%3Ddecision',
  ] as const
  const seen = async (person: Person | 'stored'): Promise<readonly string[]> => {
    const answers = await Promise.all(
      LISTS.map(async (path) => [path, (await at.get(person, path)).text] as const),
    )
    return answers.filter(([, text]) => text.includes(MARK)).map(([path]) => path)
  }

  test.each<[Person | 'stored', readonly string[]]>([
    ['alice', LISTS],
    ['bob', []],
    ['olga', []],
    ['ann', ['/approvals', '/grants']],
    ['aud', LISTS],
    ['adm', ['/tasks', '/fleet', '/glass']],
    ['mona', LISTS],
    ['stored', LISTS],
  ])('%s', async (person, lists) => {
    expect(await seen(person)).toEqual(lists)
  })

  test('R-AUD-1: an admin reads who did what and what was decided, and nothing of what it carried', async () => {
    const records = parsed(await at.get('adm', `/records?task=${at.traces.task}`))['records']
    expect(records).toEqual(
      (parsed(await at.get('aud', `/records?task=${at.traces.task}`))['records'] as { index: number }[]).map(
        ({ index }) => ({ index, body: expect.any(String), envelope: expect.any(Object) }),
      ),
    )
  })

  test('R-POL-7: why it was decided so is for its human and auditors; an admin sees rules and actions alone', async () => {
    const path = `/why/${at.traces.decision}`
    const carries = async (person: Person): Promise<boolean> =>
      (await at.get(person, path)).text.includes(MARK)
    expect([await carries('alice'), await carries('aud'), await carries('adm')]).toEqual([true, true, false])
    expect(parsed(await at.get('adm', path))).toMatchObject({ bare: true, effect: expect.any(String) })
    expect((await at.get('bob', path)).status).toBe(404)
    expect((await at.post('adm', `${path}/report`, { text: 'x' })).status).toBe(404)
  })

  test('R-POL-8: who tries policies on the past is told what was done to what as an auditor, by which tool as an admin, and gets nobody else’s', async () => {
    const files = [{ name: 'a.cedar', text: '@id("a") @reason("x") forbid (principal, action, resource);' }]
    const tried = async (person: Person, path: string, body: Json): Promise<Answer> => {
      let answer = await at.post(person, path, body)
      while (answer.text.includes('"running"'))
        answer = await at.get(person, `/policies/past/${pastId(answer)}`)
      return answer
    }
    const admin = await tried('adm', '/policies/replay', { files })
    const auditor = await tried('aud', '/policies/replay', { files })
    for (const { text } of [admin, auditor]) expect(text).toContain('"direction":"tightened"')
    expect([admin, auditor].map(({ text }) => text.includes('"what":'))).toEqual([false, true])
    const proposed = await tried('aud', '/policies/propose', { workflow: 'fix-tests' })
    expect(parsed(proposed)).toMatchObject({
      proposal: { cedar: expect.stringContaining('permit (') as string },
    })
    expect((await at.get('adm', `/policies/past/${pastId(proposed)}`)).status).toBe(404)
    expect(codeOf(await at.post('adm', '/policies/propose', { workflow: 'fix-tests' }))).toBe('role_missing')
    const broken = [{ name: 'a.cedar', text: 'permit (' }]
    expect((await at.post('adm', '/policies/replay', { files: broken })).text).toContain('a.cedar:1')
  })

  test('an approver sees what they may decide, with what the prompt shows, and still once it is decided', async () => {
    const approvals = parsed(await at.get('ann', '/approvals'))['approvals'] as {
      id: string
      prompt: string
    }[]
    const { approval, granted, glass } = at.traces
    expect(approvals.map(({ id }) => id).toSorted()).toEqual([approval, granted].toSorted())
    expect(approvals.every(({ prompt }) => prompt.includes(MARK))).toBe(true)
    expect(codeOf(await at.get('ann', `/approvals/${glass}`))).toBe('approval_unknown')
  })

  test('R-THR-1: a member stops themselves and nobody else; an admin and the credential on disk whomever', async () => {
    const halt = (as: Person | 'stored', target: string, id: string): Promise<Answer> =>
      at.post(as, '/halts', { target, id, reason: 'because' })
    for (const [target, id] of [
      ['human', 'alice'],
      ['agent', 'unnamed'],
      ['server', 'box'],
      ['tenant', 'default'],
    ] as const) {
      expect(codeOf(await halt('bob', target, id))).toBe('role_missing')
    }
    expect((await halt('bob', 'human', 'bob')).status).toBe(201)
    expect((await halt('adm', 'human', 'ann')).status).toBe(201)
    expect((await halt('stored', 'human', 'aud')).status).toBe(201)
    const stopped = async (as: Person): Promise<readonly string[]> =>
      (parsed(await at.get(as, '/halts'))['halts'] as { id: string }[]).map(({ id }) => id)
    expect([await stopped('bob'), await stopped('aud')]).toEqual([['bob'], ['bob', 'ann', 'aud']])
    for (const id of ['bob', 'ann', 'aud']) {
      await at.post('adm', '/halts/lift', { target: 'human', id, reason: 'because' })
    }
  })
})

describe('R-ID-6: streams carry what the lists do', () => {
  test.each<[Person, 'approvals' | 'records', boolean]>([
    ['alice', 'approvals', true],
    ['bob', 'approvals', false],
    ['ann', 'approvals', true],
    ['adm', 'approvals', false],
    ['alice', 'records', true],
    ['bob', 'records', false],
    ['ann', 'records', false],
    ['aud', 'records', true],
    ['adm', 'records', true],
  ])('%s hears of alice’s %s: %s', async (person, what, hears) => {
    const { text } = await beginning(person, `/${what}/stream`)
    expect(text.includes('"human":"alice"')).toBe(hears)
    // Rows of records are envelopes for everybody.
    expect(text.includes(MARK)).toBe(hears && what === 'approvals')
  })
})

/** The stream up to where everything that was there has come. */
async function beginning(person: Person, path: string): Promise<{ readonly text: string }> {
  const stop = new AbortController()
  const headers = { authorization: `Bearer ${person}:${at.code(person)}` }
  const response = await fetch(`${at.admin}${path}`, { headers, signal: stop.signal })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8')
    if (/^event: (here|records)$/m.test(text) && text.endsWith('\n\n')) break
  }
  stop.abort()
  return { text }
}

test('every human here has the role that their name stands for', () => {
  expect(new Set(Object.values(PEOPLE))).toEqual(new Set([...ROLES, 'maintainer']))
})
