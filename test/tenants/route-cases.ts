import type { Json } from '../../src/core/json.ts'
import type { Route } from '../../src/api/route.ts'
import type { Traces } from './fill-tenant.ts'

/** How a route of the admin plane is asked about what belongs to somebody else. */
export interface RouteCase {
  /** What is named; absent = nothing can be. */
  readonly names?: keyof Traces | readonly (keyof Traces)[]
  /** Path with its parameters, below the admin plane. */
  readonly path?: (name: string) => string
  readonly body?: (name: string) => Json
  /** Of its own tenant it changes something, which the other one must not notice. */
  readonly own?: true
}

const reason = 'because'
const value = 'a-value-of-its-own'
const digest = 'e'.repeat(64)
const TASKS = ['task', 'child'] as const
const APPROVALS = ['approval', 'granted', 'glass'] as const

/** One case a route, by `routeName`: the test fails for a route that has none. */
export const ROUTE_CASES: Readonly<Record<string, RouteCase>> = {
  'GET /healthz': {},
  'GET /readyz': {},
  'GET /metrics': {},
  'GET /status': {},
  'GET /servers': {},
  'POST /servers/check': { names: 'server', body: (server) => ({ server }) },
  'POST /servers/reload': { body: () => ({}) },
  'GET /servers/review': { names: 'server', path: (server) => `/servers/review?server=${server}` },
  'POST /servers/:server/review': {
    names: 'server',
    path: (server) => `/servers/${server}/review`,
    body: () => ({ verdict: 'approve', tool: 'echo', digest }),
  },
  'PAGE /servers/:server/connect': { names: 'server', path: (server) => `/servers/${server}/connect` },
  'POST /servers/:server/connect': {
    names: 'server',
    path: (server) => `/servers/${server}/connect`,
    body: () => ({}),
  },
  'POST /servers/:server/connect/finish': {
    names: 'server',
    path: (server) => `/servers/${server}/connect/finish`,
    body: () => ({ flow: 'flow', number: '1' }),
  },
  'POST /servers/:server/disconnect': {
    names: 'server',
    path: (server) => `/servers/${server}/disconnect`,
    body: () => ({}),
  },
  'GET /oauth/callback': { names: 'interaction', path: (state) => `/oauth/callback?state=${state}&code=x` },
  'GET /keys': {},
  'POST /keys/rotate': { body: () => ({}) },
  'POST /backups': { body: () => ({ id: 'bak_1', keys: false }) },
  'GET /secrets': {},
  'POST /secrets': { names: 'secret', body: (name) => ({ name, value }), own: true },
  'POST /secrets/reseal': { body: () => ({}) },
  'POST /secrets/:name/rotate': {
    names: 'secret',
    path: (name) => `/secrets/${name}/rotate`,
    body: () => ({ value }),
  },
  'POST /secrets/:name/remove': {
    names: 'secret',
    path: (name) => `/secrets/${name}/remove`,
    body: () => ({ force: true }),
  },
  'POST /tasks': { names: 'human', body: (human) => ({ workflow: 'code', intent: human }), own: true },
  'GET /tasks': {},
  'GET /tasks/:id': { names: TASKS, path: (id) => `/tasks/${id}` },
  'GET /tasks/:id/tree': { names: TASKS, path: (id) => `/tasks/${id}/tree` },
  'POST /tasks/:id/revoke': { names: TASKS, path: (id) => `/tasks/${id}/revoke`, body: () => ({ reason }) },
  'POST /tasks/:id/complete': { names: TASKS, path: (id) => `/tasks/${id}/complete`, body: () => ({}) },
  'POST /tasks/:id/renew': { names: TASKS, path: (id) => `/tasks/${id}/renew`, body: () => ({}) },
  'POST /tasks/:id/token': { names: TASKS, path: (id) => `/tasks/${id}/token`, body: () => ({}) },
  'GET /fleet': {},
  'GET /covers': {},
  'POST /covers': { names: 'human', body: (deputy) => ({ until: Date.now() + 3_600_000, deputy }) },
  'POST /covers/end': { names: 'human', body: (human) => ({ human }) },
  'GET /halts': {},
  'POST /halts': { names: 'human', body: (id) => ({ target: 'human', id, reason }), own: true },
  'POST /halts/lift': { names: 'halted', body: (id) => ({ target: 'agent', id, reason }) },
  'GET /glass': {},
  'POST /glass': { names: TASKS, body: (task) => ({ task, reason }) },
  'POST /glass/:id/end': { names: APPROVALS, path: (id) => `/glass/${id}/end`, body: () => ({}) },
  'POST /glass/:id/review': {
    names: APPROVALS,
    path: (id) => `/glass/${id}/review`,
    body: () => ({ comment: reason }),
  },
  'GET /approvals': {},
  'GET /approvals/report': {},
  'GET /approvals/watch': { path: () => '/approvals/watch?timeout=0' },
  // A stream does not end; who may open it is asked, and what it would carry is that of the lists.
  'GET /approvals/stream': { path: () => '/approvals/stream?unknown=1' },
  'GET /records/stream': { path: () => '/records/stream?unknown=1' },
  'GET /servers/stream': { path: () => '/servers/stream?unknown=1' },
  'GET /policies': {},
  'GET /policies/text': { path: () => '/policies/text?unknown=1' },
  'PAGE /approvals/:id': { names: APPROVALS, path: (id) => `/approvals/${id}` },
  'GET /approvals/:id': { names: APPROVALS, path: (id) => `/approvals/${id}` },
  'POST /approvals/:id/approve': {
    names: APPROVALS,
    path: (id) => `/approvals/${id}/approve`,
    body: () => ({}),
  },
  'POST /approvals/:id/refuse': {
    names: APPROVALS,
    path: (id) => `/approvals/${id}/refuse`,
    body: () => ({ reason }),
  },
  'POST /policy/reload': { body: () => ({}) },
  'GET /policy/pending': {},
  'POST /policy/accept': { body: () => ({ hash: digest }) },
  'GET /grants': { names: TASKS, path: (task) => `/grants?task=${task}` },
  'POST /grants/:id/revoke': {
    names: 'grant',
    path: (id) => `/grants/${id}/revoke`,
    body: () => ({ reason }),
  },
  'GET /records': {
    names: ['task', 'decision', 'approval'],
    path: (name) => (name.startsWith('tsk') ? `/records?task=${name}` : `/records?id=${name}`),
  },
  'GET /erasures/count': { names: TASKS, path: (task) => `/erasures/count?task=${task}` },
  'POST /erasures': { names: TASKS, body: (task) => ({ selection: { task }, reason }) },
  'GET /holds': {},
  'POST /holds': { names: TASKS, body: (task) => ({ covers: { target: 'task', task }, reason }), own: true },
  'POST /holds/:id/lift': { names: TASKS, path: (id) => `/holds/${id}/lift`, body: () => ({ reason }) },
  'GET /records/export': { path: () => '/records/export?format=jsonl' },
  'GET /records/query': {
    names: ['task', 'decision', 'approval'],
    path: (name) => `/records/query?q=${encodeURIComponent(`id = ${name} or task = ${name}`)}`,
  },
  'GET /records/values': { names: TASKS, path: (task) => `/records/values?field=task&prefix=${task}` },
  'GET /records/views': {},
  'POST /records/views': { names: 'human', body: (name) => ({ name, query: 'decision = deny' }), own: true },
  'POST /records/views/remove': { names: 'human', body: (human) => ({ name: 'all', human }) },
  'GET /explain/:id': { names: 'decision', path: (id) => `/explain/${id}` },
  'GET /why/:id': { names: 'decision', path: (id) => `/why/${id}` },
  'POST /why/:id/report': {
    names: 'decision',
    path: (id) => `/why/${id}/report`,
    body: () => ({ text: 'why' }),
  },
  'POST /policies/replay': {
    body: () => ({ files: [{ name: 'a.cedar', text: '@id("a") permit (principal, action, resource);' }] }),
  },
  'POST /policies/propose': { body: () => ({ workflow: 'fix-tests' }) },
  'GET /policies/past/:id': { path: () => '/policies/past/pst_none' },
  'GET /review': {},
  'POST /review/mark': { body: () => ({ item: `rvi_${'0'.repeat(16)}`, mark: 'todo', comment: 'x' }) },
  'POST /review/sign-off': { body: () => ({ digest: '0'.repeat(64), comment: 'x' }) },
  'GET /head': {},
  'POST /demo-approver': { names: TASKS, body: (task) => ({ task }) },
}

/** A page and an answer to programs can have the same path. */
export function routeName({ method, path, page }: Pick<Route, 'method' | 'path' | 'page'>): string {
  return `${page ? 'PAGE' : method} ${path}`
}
