import { headerOf, setHeader, type Draft, type Mutation } from './draft.ts'
import type { Random } from './random.ts'

const ODD_VALUES = [
  '',
  ' ',
  ',',
  '*',
  '*/*;q=0',
  'null',
  '\t',
  'a'.repeat(3_000),
  '\u00ff\u00fe',
  '=?base64?aGk=?=',
  '=?base64?%?=',
  '__proto__',
  '1, 2',
  '2026-07-28, 2025-11-25',
  '0000-00-00',
  '9999-99-99',
  'text/html',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'gzip',
  'identity',
]
const NAMES = [
  'accept',
  'content-type',
  'content-encoding',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
  'authorization',
  'cookie',
  'x-forwarded-host',
  'x-forwarded-for',
  'x-http-method-override',
  'forwarded',
  'range',
  'if-none-match',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade-insecure-requests',
  'access-control-request-method',
]
const HOSTS = ['evil.example', 'localhost', '', '127.0.0.1:1', 'localhost:7411.evil.example', 'a@localhost']
const ORIGINS = ['null', 'https://evil.example', 'http://localhost', 'file://', 'http://localhost:1', '']
const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'POST', 'PROPFIND', 'TRACE', 'QUERY']

/** What is done to a request's head and leaves its end where both sides see it. */
export const HEAD_MUTATIONS: readonly (readonly [name: string, weight: number, Mutation])[] = [
  ['http method', 3, (draft, random) => void (draft.method = random.pick(METHODS))],
  ['target', 4, (draft, random) => void (draft.target = oddTarget(draft, random))],
  ['odd header', 5, (draft, random) => setHeader(draft, random.pick(NAMES), random.pick(ODD_VALUES))],
  ['no header', 4, dropHeader],
  ['header twice', 4, doubleHeader],
  ['header case', 1, (draft, random) => void (draft.headers = recase(draft, random))],
  ['host', 2, (draft, random) => setHeader(draft, 'host', random.pick(HOSTS))],
  ['origin', 2, (draft, random) => setHeader(draft, 'origin', random.pick(ORIGINS))],
  ['many headers', 1, manyHeaders],
  ['expect', 1, (draft, random) => setHeader(draft, 'expect', random.pick(['100-continue', 'x']))],
  ['chunked', 3, (draft) => void (draft.framing = 'chunked')],
  ['http 1.0', 1, (draft) => void (draft.version = 'HTTP/1.0')],
]

function dropHeader(draft: Draft, random: Random): void {
  if (draft.headers.length > 0) draft.headers.splice(random.int(draft.headers.length), 1)
}

function doubleHeader(draft: Draft, random: Random): void {
  if (draft.headers.length === 0) return
  const [name, value] = random.pick(draft.headers)
  const other = random.chance(0.5) ? value : random.pick(ODD_VALUES)
  if (random.chance(0.5)) draft.headers.push([name.toUpperCase(), other])
  else draft.headers.unshift([name, other])
}

function recase(draft: Draft, random: Random): [string, string][] {
  const upper = random.chance(0.5)
  return draft.headers.map(([name, value]) => [upper ? name.toUpperCase() : name.toLowerCase(), value])
}

function manyHeaders(draft: Draft, random: Random): void {
  const count = random.pick([50, 120])
  for (let index = 0; index < count; index += 1) draft.headers.push([`x-fuzz-${String(index)}`, 'v'])
}

function oddTarget(draft: Draft, random: Random): string {
  const { target } = draft
  const host = headerOf(draft, 'host') ?? 'evil.example'
  return random.pick([
    `http://${host}${target}`,
    `https://evil.example${target}`,
    `//${target}`,
    `${target}/`,
    `${target}?access_token=x`,
    `${target}?x=${'%41'.repeat(500)}`,
    `${target}%00`,
    `${target}#f`,
    `/./${target}`,
    `/..${target}`,
    target.toUpperCase(),
    target.replaceAll('/', '%2f'),
    target.replaceAll('/', '\\'),
    `${target};a=b`,
    '*',
    '/',
    '/mcp/httpmodern',
    '/mcp/stdiolegacy',
    '/mcp/nobody',
    '/mcp/__proto__',
    '/mcp/constructor',
    '/delegate',
    '/healthz',
    '/.well-known/oauth-protected-resource/mcp/../..',
    `/${'a'.repeat(8_000)}`,
    '/%ff%fe',
    '/\u00e9',
  ])
}
