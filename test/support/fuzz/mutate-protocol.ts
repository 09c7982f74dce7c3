import { REQUESTS, NOTIFICATIONS } from '../../../src/mcp/message-table.ts'
import {
  headerOf,
  isObject,
  messageOf,
  paramsOf,
  setHeader,
  type Draft,
  type HandleKind,
  type Known,
  type Mutation,
} from './draft.ts'
import type { Random } from './random.ts'

const IDS: readonly unknown[] = [
  null,
  true,
  1.5,
  -1,
  0,
  '',
  [],
  {},
  [1],
  'x'.repeat(10_000),
  2 ** 53 - 1,
  2 ** 53,
  '\0',
  '\u{1f600}',
]
const METHODS = [
  ...Object.keys(REQUESTS),
  ...Object.keys(NOTIFICATIONS),
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'rpc.discover',
  '',
  'TOOLS/CALL',
  'tools/call ',
  'tools//call',
  '__proto__',
  'hasOwnProperty',
  'notifications/resources/updated',
]
const VERSIONS = ['2026-07-28', '2025-11-25', '2025-03-26', '2024-11-05', '2027-01-01', '', 'x', 7, null, {}]
const META = 'io.modelcontextprotocol/'
const URIS = [
  'file:///etc/passwd',
  'remit://httpmodern/',
  'remit:///x',
  'remit://../x',
  'remit://httplegacy/fuzz://two',
  'ui://stdiomodern/x',
  'fuzz://one',
  'http://127.0.0.1/',
  '',
  'remit://httpmodern/\u202e',
  'x'.repeat(5_000),
]
const NAMES = [
  'httpmodern__nothing',
  'nobody__echo',
  '__echo',
  'httpmodern__',
  'echo',
  'httpmodern__echo\0',
  '__proto__',
]

/** What is done to the parts that JSON-RPC and MCP give a meaning. */
export const PROTOCOL_MUTATIONS: readonly (readonly [name: string, weight: number, Mutation])[] = [
  ['id', 4, (draft, random) => void (messageOf(draft)['id'] = structuredClone(random.pick(IDS)))],
  ['no id', 2, (draft) => void delete messageOf(draft)['id']],
  [
    'version of rpc',
    1,
    (draft, random) => void (messageOf(draft)['jsonrpc'] = random.pick(['1.0', 2, '2.0 ', null])),
  ],
  ['method', 4, (draft, random) => void (messageOf(draft)['method'] = random.pick(METHODS))],
  ['method and header', 3, methodAndHeader],
  ['as answer', 2, asAnswer],
  ['envelope', 4, envelope],
  ['other era', 2, otherEra],
  ['params', 2, (draft, random) => void (messageOf(draft)['params'] = random.pick([[], null, 'x', 1, {}]))],
  ['name', 2, (draft, random) => void (paramsOf(draft)['name'] = random.pick(NAMES))],
  ['uri', 2, (draft, random) => void (paramsOf(draft)['uri'] = random.pick(URIS))],
  [
    'cursor',
    1,
    (draft, random) => void (paramsOf(draft)['cursor'] = random.pick(['', 'x', '\0', 'a'.repeat(4_000)])),
  ],
  [
    'state',
    3,
    (draft, random, known) => void (paramsOf(draft)['requestState'] = bent('requestState', random, known)),
  ],
  [
    'task handle',
    2,
    (draft, random, known) => void (paramsOf(draft)['taskId'] = bent('task', random, known)),
  ],
  [
    'task of a call',
    1,
    (draft, random) => void (paramsOf(draft)['task'] = random.pick([{}, { ttl: 1 }, 'x', null])),
  ],
  ['session', 3, (draft, random, known) => setHeader(draft, 'mcp-session-id', session(random, known))],
  [
    'answers',
    1,
    (draft, random) => void (paramsOf(draft)['inputResponses'] = random.pick([{}, [], { q1: null }, 'x'])),
  ],
]

/** What is done to the credential. */
export const TOKEN_MUTATIONS: readonly (readonly [name: string, weight: number, Mutation])[] = [
  ['no token', 4, (draft) => setHeader(draft, 'authorization', undefined)],
  ['bent token', 5, (draft, random) => bendToken(draft, random)],
  ['other token', 2, (draft, random, known) => bearer(draft, random.pick(known.tokens))],
  ['revoked', 2, (draft, _random, known) => bearer(draft, known.revoked)],
  ['admin code', 1, (draft, random, known) => bearer(draft, random.pick(Object.values(known.credentials)))],
  [
    'other scheme',
    2,
    (draft, random) => {
      const scheme = random.pick([
        'Basic bW9uYTp4',
        'Bearer',
        'bearer  x',
        'DPoP a.b.c',
        'Bearer a b',
        'Bearer é',
      ])
      setHeader(draft, 'authorization', scheme)
    },
  ],
]

function methodAndHeader(draft: Draft, random: Random): void {
  const method = random.pick(METHODS)
  messageOf(draft)['method'] = method
  if (headerOf(draft, 'mcp-method') !== undefined) setHeader(draft, 'mcp-method', method)
}

function asAnswer(draft: Draft, random: Random): void {
  const message = messageOf(draft)
  if (random.chance(0.8)) delete message['method']
  if (random.chance(0.7)) message['result'] = random.pick<unknown>([{}, null, [], { action: 'accept' }])
  if (random.chance(0.4)) message['error'] = random.pick<unknown>([{}, null, { code: 'x', message: 1 }])
}

function envelope(draft: Draft, random: Random): void {
  const params = paramsOf(draft)
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  params['_meta'] = meta
  const key = random.pick([
    'protocolVersion',
    'clientCapabilities',
    'clientInfo',
    'logLevel',
    'subscriptionId',
  ])
  if (random.chance(0.3)) delete meta[`${META}${key}`]
  else if (key === 'protocolVersion') meta[`${META}${key}`] = structuredClone(random.pick(VERSIONS))
  else
    meta[`${META}${key}`] = random.pick<unknown>([
      null,
      [],
      'x',
      1,
      {},
      { elicitation: 1 },
      { name: 1, version: {} },
    ])
}

function otherEra(draft: Draft, random: Random): void {
  setHeader(draft, 'mcp-protocol-version', random.pick(['2026-07-28', '2025-11-25', '2025-06-18', undefined]))
}

function session(random: Random, known: Known): string {
  const live = [...known.sessions.values(), ...known.handles.session]
  return random.pick([...live, 'x', '', 'a'.repeat(500), '__proto__'])
}

/** A real handle with something wrong about it, or another one's. */
function bent(kind: HandleKind, random: Random, { handles }: Known): unknown {
  const real = handles[kind].length === 0 ? 'AAAA' : random.pick(handles[kind])
  return random.pick<unknown>([
    real,
    bend(real, random),
    `${real}A`,
    real.slice(1),
    '',
    'A'.repeat(9_999),
    7,
    [real],
  ])
}

function bendToken(draft: Draft, random: Random): void {
  const token = headerOf(draft, 'authorization')?.slice('Bearer '.length) ?? 'a.b.c'
  const [head = '', claims = '', mark = ''] = token.split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  bearer(
    draft,
    random.pick([
      bend(token, random),
      `${head}.${claims}.`,
      `${none}.${claims}.`,
      `${head}.${bend(claims, random)}.${mark}`,
      `${head}.${claims}`,
      `${token}=`,
      `${token}.${mark}`,
      `${head}.${claims}.${mark.slice(0, -1)}${mark.endsWith('A') ? 'B' : 'A'}`,
    ]),
  )
}

function bend(text: string, random: Random): string {
  const at = random.int(text.length)
  const other = random.pick(['A', 'B', '0', '_', '-', '.'])
  return text.slice(0, at) + other + text.slice(at + 1)
}

function bearer(draft: Draft, token: string): void {
  setHeader(draft, 'authorization', `Bearer ${token}`)
}
