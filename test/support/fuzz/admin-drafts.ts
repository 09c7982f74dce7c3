import { ROUTES } from '../../../src/api/routes.ts'
import { FUZZED_SERVERS } from './agent-drafts.ts'
import type { Draft, Known } from './draft.ts'
import type { Random } from './random.ts'

/** A valid request to the admin plane: any route, with any of the credentials that there are. */
export function adminDraft(random: Random, known: Known, index: number): Draft {
  const route = random.pick(ROUTES)
  const target = route.path
    .split('/')
    .map((part) => (part.startsWith(':') ? parameter(part, random, known) : part))
    .join('/')
  const credential = random.weigh([
    [30, known.credentials.approver],
    [25, known.credentials.stored],
    [10, `mona:${known.credentials.approver}`],
    [15, random.pick(known.tokens)],
    [5, known.revoked],
    [15, undefined],
  ])
  const post = route.method === 'POST'
  const headers: [string, string][] = []
  if (credential !== undefined) headers.push(['authorization', `Bearer ${credential}`])
  if (post) headers.push(['content-type', 'application/json'])
  if (route.page) headers.push(['accept', 'text/html'])
  return {
    plane: 'admin',
    method: route.method,
    target: post ? target : `${target}${queryOf(route.path, random, known)}`,
    version: 'HTTP/1.1',
    headers,
    json: post ? bodyOf(route.path, random, known, index) : undefined,
    bytes: undefined,
    framing: 'length',
    garble: undefined,
    done: [],
  }
}

function parameter(part: string, random: Random, { handles }: Known): string {
  if (part === ':server') return random.pick(FUZZED_SERVERS)
  const all = [...handles.approval, ...handles.task, ...handles.decision, ...handles.grant]
  return all.length === 0 ? 'apr_000000' : random.pick(all)
}

function queryOf(path: string, random: Random, { handles }: Known): string {
  if (path === '/approvals/watch') return `?timeout=${String(random.int(30))}&since=${String(random.int(3))}`
  if (path === '/servers/review' || random.chance(0.3)) return ''
  const task = handles.task.at(-1) ?? 'tsk_0'
  return random.pick([
    '?limit=3',
    `?limit=2&task=${task}`,
    '?limit=2&kind=decision',
    '?limit=1&after=5',
    '?limit=1&state=pending',
    '?limit=5&limit=6',
    '?limit=0',
    '?',
    '?limit=%00',
    '?__proto__=1&limit=1',
  ])
}

/** Bodies as the contract wants them, of routes that want more than an empty one. */
function bodyOf(path: string, random: Random, known: Known, index: number): object {
  const task = known.handles.task.at(-1) ?? 'tsk_0'
  const reason = 'fuzz'
  switch (path) {
    case '/tasks':
      return { workflow: 'fix-tests', intent: `fuzz ${String(index)}`, scope: { tools: ['*'] }, budget: {} }
    case '/halts':
    case '/halts/lift':
      return random.chance(0.1)
        ? { target: 'tenant', id: 'default', reason }
        : { target: random.pick(['human', 'server', 'task', 'agent', 'workflow']), id: task, reason }
    case '/glass':
      return { task, reason, lifetime: 1_000 }
    case '/glass/:id/review':
      return { comment: reason }
    case '/servers/:server/review':
      return random.chance(0.5)
        ? { verdict: 'refuse', tool: 'echo', digest: 'x', reason }
        : { verdict: 'approve', tool: 'echo', digest: 'sha256:0', actions: ['data.read'] }
    case '/servers/check':
      return { server: 'httpmodern' }
    case '/approvals/:id/approve':
      return random.pick([{}, { grant: 'task' }, { gate: 'x', comment: 'y' }])
    case '/approvals/:id/refuse':
    case '/tasks/:id/revoke':
    case '/grants/:id/revoke':
      return { reason }
    case '/policy/accept':
      return { hash: 'a'.repeat(64) }
    case '/demo-approver':
      return { task }
    case '/tasks/:id/renew':
      return { lifetime: 60_000 }
    default:
      return {}
  }
}
