import { adminDraft } from './admin-drafts.ts'
import { agentDraft } from './agent-drafts.ts'
import { bodyBytes, headerOf, type Draft, type Known, type Mutation } from './draft.ts'
import { FRAMING_MUTATIONS } from './mutate-framing.ts'
import { HEAD_MUTATIONS } from './mutate-headers.ts'
import { TEXT_MUTATIONS, TREE_MUTATIONS } from './mutate-json.ts'
import { PROTOCOL_MUTATIONS, TOKEN_MUTATIONS } from './mutate-protocol.ts'
import { Random } from './random.ts'

/** One request as bytes. */
export interface Case {
  readonly index: number
  readonly plane: 'agent' | 'admin'
  /** Written one after the other, with pauses between them. */
  readonly pieces: readonly Buffer[]
  /** Both sides see the same end: an answer is owed, and others may follow on the connection. */
  readonly framed: boolean
  /** The answer may rightly never end. */
  readonly streams: boolean
  /** Nothing in it proves anything to anybody. */
  readonly anonymous: boolean
  /** Mutations, in order. */
  readonly done: readonly string[]
}

type Table = readonly (readonly [name: string, weight: number, Mutation])[]

const TABLES: readonly (readonly [number, Table])[] = [
  [20, HEAD_MUTATIONS],
  [8, FRAMING_MUTATIONS],
  [16, TREE_MUTATIONS],
  [14, TEXT_MUTATIONS],
  [26, PROTOCOL_MUTATIONS],
  [10, TOKEN_MUTATIONS],
]

/**
 * Case `index` of a run: a valid request with none to five mutations. It depends on nothing but the seed, the index and
 * what is known of the gateway.
 * @param most mutations that are applied at most: fewer than it has shrinks a case.
 */
export function makeCase(
  at: { readonly seed: number; readonly index: number },
  known: Known,
  most = 9,
): Case {
  const { seed, index } = at
  const random = new Random(seed, index)
  const draft = random.chance(0.74) ? agentDraft(random, known, index) : adminDraft(random, known, index)
  draft.headers.unshift(['host', `127.0.0.1:${String(known.ports[draft.plane])}`])
  const count = random.weigh([
    [14, 0],
    [50, 1],
    [22, 2],
    [14, 3 + random.int(3)],
  ])
  for (let round = 0; round < Math.min(count, most); round += 1) {
    const table = random.weigh(TABLES)
    const [name, , mutate] = random.weigh(table.map((row) => [row[1], row] as const))
    mutate(draft, random, known)
    draft.done.push(name)
  }
  const whole = serialise(draft)
  const pieces = draft.garble?.(whole) ?? [whole]
  return {
    index,
    plane: draft.plane,
    pieces,
    framed: draft.garble === undefined && isFramed(draft),
    streams: streams(draft),
    anonymous: isAnonymous(Buffer.concat(pieces), known),
    done: draft.done,
  }
}

function serialise(draft: Draft): Buffer {
  const body = bodyBytes(draft)
  const lines = draft.headers.map(([name, value]) => `${name}: ${value}`)
  if (draft.framing === 'chunked') lines.push('Transfer-Encoding: chunked')
  else if (body.length > 0 || draft.method === 'POST') lines.push(`Content-Length: ${String(body.length)}`)
  const head = `${[`${draft.method} ${draft.target} ${draft.version}`, ...lines].join('\r\n')}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), draft.framing === 'chunked' ? chunked(body) : body])
}

function chunked(body: Buffer): Buffer {
  const end = Buffer.from('0\r\n\r\n')
  if (body.length === 0) return end
  const half = Math.ceil(body.length / 2)
  const parts = [body.subarray(0, half), body.subarray(half)].filter(({ length }) => length > 0)
  const framed = parts.flatMap((part) => [
    Buffer.from(`${part.length.toString(16)}\r\n`),
    part,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...framed, end])
}

/** A head that a strict reader takes, so that what follows it is the next message. */
function isFramed(draft: Draft): boolean {
  const { headers, version, target } = draft
  const head = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, target.length)
  const connection = headerOf(draft, 'connection')
  return (
    version === 'HTTP/1.1' &&
    head < 15_000 &&
    connection === undefined &&
    headerOf(draft, 'expect') === undefined &&
    headers.filter(([name]) => name.toLowerCase() === 'host').length === 1
  )
}

function streams(draft: Draft): boolean {
  if (draft.method === 'GET' && draft.plane === 'agent') return true
  if (draft.target.includes('watch')) return true
  return bodyBytes(draft).includes('subscriptions')
}

function isAnonymous(bytes: Buffer, known: Known): boolean {
  const { approver, stored } = known.credentials
  return ![...known.tokens, known.revoked, approver, stored].some((proof) => bytes.includes(proof))
}
