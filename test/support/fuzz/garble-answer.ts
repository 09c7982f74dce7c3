import { bodyBytes, messageOf, type Draft, type Known } from './draft.ts'
import { TEXT_MUTATIONS, TREE_MUTATIONS } from './mutate-json.ts'
import type { Random } from './random.ts'

const NOTHING_KNOWN: Known = {
  ports: { agent: 0, admin: 0 },
  tokens: [],
  revoked: '',
  credentials: { approver: '', stored: '' },
  sessions: new Map(),
  handles: { requestState: [], session: [], approval: [], task: [], decision: [], grant: [] },
}
const ODD_RESULTS: readonly unknown[] = [
  {},
  { content: null },
  { content: [{ type: 'surprise' }] },
  { content: [{ type: 'image', data: '%%%', mimeType: 7 }] },
  { content: [{ type: 'resource', resource: { uri: 'x'.repeat(9_000) } }] },
  { content: [{ type: 'resource_link', uri: null }], structuredContent: [] },
  { content: [], isError: 'yes' },
  { resultType: 'input_required' },
  {
    resultType: 'input_required',
    inputRequests: { a: null, b: { method: 'x' }, __proto__: 1 },
    requestState: {},
  },
  { resultType: 'task', task: { taskId: '../x', status: 'working' } },
  { resultType: 7 },
  { _meta: [] },
]
const ODD_ERRORS: readonly unknown[] = [
  null,
  {},
  { code: 'x', message: 1 },
  { code: -32021, message: '\0', data: { a: [[]] } },
  { code: 1e300, message: 'x'.repeat(100_000) },
  {
    code: -32_042,
    message: 'go there',
    data: { elicitations: [null, { mode: 'url', url: 'javascript:1' }] },
  },
]
/** What a server may say beside its answer, and never should. */
const STRAY: readonly unknown[] = [
  { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
  { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: [], progress: 'x' } },
  { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
  { jsonrpc: '2.0', method: 'notifications/message', params: { level: {}, data: '\u202e' } },
  { jsonrpc: '2.0', id: 'q', method: 'elicitation/create', params: { message: {}, requestedSchema: 1 } },
  { jsonrpc: '2.0', id: null, method: 'sampling/createMessage' },
  { jsonrpc: '2.0', id: {}, method: '__proto__', params: [] },
  { jsonrpc: '2.0', id: 'q', result: {} },
  { jsonrpc: '2.0', id: 999_999, error: { code: 0, message: '' } },
]

/** The answer of a server that means harm or is broken: messages one after the other, as bytes. */
export function garbleAnswer(random: Random, answer: Record<string, unknown>): readonly Buffer[] {
  const draft: Draft = {
    plane: 'agent',
    method: '',
    target: '',
    version: '',
    headers: [],
    framing: 'length',
    json: structuredClone(answer),
    bytes: undefined,
    garble: undefined,
    done: [],
  }
  const message = messageOf(draft)
  const how = random.int(4)
  if (how === 0) message['result'] = structuredClone(random.pick(ODD_RESULTS))
  else if (how === 1) {
    delete message['result']
    message['error'] = structuredClone(random.pick(ODD_ERRORS))
  } else {
    const table = random.pick([TREE_MUTATIONS, TEXT_MUTATIONS])
    random.weigh(table.map(([, weight, mutate]) => [weight, mutate] as const))(draft, random, NOTHING_KNOWN)
  }
  const bytes = bodyBytes(draft)
  const stray = random.chance(0.3) ? [Buffer.from(JSON.stringify(random.pick(STRAY)))] : []
  return random.chance(0.1) ? [...stray, bytes, bytes] : [...stray, bytes]
}
