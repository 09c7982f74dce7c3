import type { Draft, Known } from './draft.ts'
import type { Random } from './random.ts'

const META = 'io.modelcontextprotocol/'
/** Servers of the fuzzed gateway by key; `fuzz-upstreams.ts` starts them. */
export const FUZZED_SERVERS = ['httpmodern', 'httplegacy', 'stdiomodern', 'stdiolegacy'] as const
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26']

interface Call {
  readonly method: string
  readonly params: Record<string, unknown>
  /** What `Mcp-Name` repeats. */
  readonly name?: string
}

/** A valid request to the agent plane, of either era or to `/delegate`. */
export function agentDraft(random: Random, known: Known, index: number): Draft {
  const token = random.pick(known.tokens)
  const kind = random.weigh([
    [45, 'modern'],
    [40, 'legacy'],
    [3, 'stream'],
    [2, 'metadata'],
    [3, 'delegate'],
  ] as const)
  if (kind === 'modern') return modern(random, token, callOf(random, known, index))
  if (kind === 'legacy') return legacy(random, known, token, index)
  if (kind === 'metadata') return empty('GET', '/.well-known/oauth-protected-resource/mcp', [])
  if (kind === 'delegate') {
    const json = { intent: `fuzz child ${String(index)}`, lifetime: 60_000, scope: { tools: ['*__echo'] } }
    return { ...empty('POST', '/delegate', [bearer(token), JSON_TYPE]), json }
  }
  const session: [string, string] = ['mcp-session-id', known.sessions.get(token) ?? 'none']
  return random.chance(0.9)
    ? empty('GET', '/mcp', [bearer(token), ['accept', 'text/event-stream'], session])
    : empty('DELETE', '/mcp', [bearer(token), session])
}

const JSON_TYPE: [string, string] = ['content-type', 'application/json']
const ACCEPT: [string, string] = ['accept', 'application/json, text/event-stream']

function bearer(token: string): [string, string] {
  return ['authorization', `Bearer ${token}`]
}

function empty(method: string, target: string, headers: [string, string][]): Draft {
  return {
    plane: 'agent',
    method,
    target,
    version: 'HTTP/1.1',
    headers,
    json: undefined,
    bytes: undefined,
    framing: 'length',
    garble: undefined,
    done: [],
  }
}

function modern(random: Random, token: string, { method, params, name }: Call): Draft {
  const meta = {
    [`${META}protocolVersion`]: '2026-07-28',
    [`${META}clientCapabilities`]: random.pick([{}, {}, { elicitation: { form: {}, url: {} } }]),
    ...(random.chance(0.3) ? { [`${META}clientInfo`]: { name: 'fuzz', version: '1' } } : {}),
    ...(random.chance(0.1) ? { progressToken: random.int(9), traceparent: '00-0-0-01' } : {}),
  }
  const id = random.pick<unknown>([1, 'a', random.int(1_000_000), ''])
  return {
    ...empty('POST', '/mcp', [
      bearer(token),
      JSON_TYPE,
      ACCEPT,
      ['mcp-protocol-version', '2026-07-28'],
      ['mcp-method', method],
      ...(name === undefined ? [] : ([['mcp-name', name]] as [string, string][])),
    ]),
    json: { jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } },
  }
}

function legacy(random: Random, known: Known, token: string, index: number): Draft {
  const version = random.pick(VERSIONS)
  const headers: [string, string][] = [bearer(token), JSON_TYPE, ACCEPT]
  const draft = empty('POST', '/mcp', headers)
  if (random.chance(0.04)) {
    const capabilities = random.pick([{}, { elicitation: {}, sampling: {}, roots: {} }])
    const params = { protocolVersion: version, capabilities, clientInfo: { name: 'fuzz', version: '1' } }
    return { ...draft, json: { jsonrpc: '2.0', id: 0, method: 'initialize', params } }
  }
  headers.push(
    ['mcp-protocol-version', '2025-11-25'],
    ['mcp-session-id', known.sessions.get(token) ?? 'none'],
  )
  const message = random.weigh<() => object>([
    [70, () => ({ id: index, ...withoutName(legacyCall(random, known, index)) })],
    [12, () => ({ method: random.pick(NOTIFICATIONS), params: { requestId: random.int(index + 1) } })],
    [6, () => ({ id: random.pick([0, 1, 'q1', index]), result: { action: 'accept', content: {} } })],
    [3, () => ({ id: random.int(9), error: { code: -1, message: 'no' } })],
  ])()
  return { ...draft, json: { jsonrpc: '2.0', ...message } }
}

const NOTIFICATIONS = [
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/message',
  'notifications/tools/list_changed',
  'notifications/elicitation/complete',
  'notifications/tasks/status',
]

function withoutName({ method, params }: Call): object {
  return { method, params }
}

function legacyCall(random: Random, known: Known, index: number): Call {
  if (random.chance(0.75)) return callOf(random, known, index)
  return random.pick<Call>([
    { method: 'ping', params: {} },
    { method: 'logging/setLevel', params: { level: random.pick(['debug', 'error']) } },
    { method: 'resources/subscribe', params: { uri: uriOf(random) } },
    { method: 'resources/unsubscribe', params: { uri: uriOf(random) } },
  ])
}

function uriOf(random: Random): string {
  return random.pick(FUZZED_SERVERS.map((server) => `remit://${server}/fuzz://one`))
}

/** Requests that both eras have; about a third of them is a call. */
function callOf(random: Random, known: Known, index: number): Call {
  const server = random.pick(FUZZED_SERVERS)
  return random.weigh<() => Call>([
    [22, () => toolCall(`${server}__echo`, { text: `t-${String(index)}` })],
    [2, () => toolCall(`${server}__wipe`, { text: `w-${String(random.int(50))}` })],
    [
      3,
      () => {
        const { params, ...call } = toolCall('httpmodern__ask', { text: 'a' })
        const state = known.handles.requestState.at(-1)
        if (state === undefined) return { params, ...call }
        const inputResponses = { q1: { action: 'accept', content: { colour: 'red' } } }
        return { ...call, params: { ...params, requestState: state, inputResponses } }
      },
    ],
    [4, () => named('prompts/get', { name: `${server}__greet`, arguments: { who: `p-${String(index)}` } })],
    [
      4,
      () => {
        const uri = uriOf(random)
        return { method: 'resources/read', params: { uri }, name: uri }
      },
    ],
    [
      3,
      () => {
        const ref = { type: 'ref/prompt', name: `${server}__greet` }
        return { method: 'completion/complete', params: { ref, argument: { name: 'who', value: 'a' } } }
      },
    ],
    [6, () => ({ method: random.pick(LISTS), params: random.chance(0.2) ? { cursor: 'abc' } : {} })],
    [3, () => ({ method: 'server/discover', params: {} })],
    [1, () => ({ method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } })],
    [
      4,
      () => {
        const taskId = known.handles.task.at(-1) ?? 'task-1'
        return { method: random.pick(TASKS), params: { taskId }, name: taskId }
      },
    ],
  ])()
}

const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']
const TASKS = ['tasks/get', 'tasks/result', 'tasks/update', 'tasks/cancel', 'tasks/list', 'skills/list']

function toolCall(name: string, args: object): Call {
  return named('tools/call', { name, arguments: args })
}

function named(method: string, params: Record<string, unknown> & { readonly name: string }): Call {
  return { method, params, name: params.name }
}
