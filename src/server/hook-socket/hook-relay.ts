import { chmodSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Agent } from 'undici'
import { asRemitError, RemitError } from '../../core/errors.ts'
import { readBody } from '../../net/read-body.ts'
import { agentPath } from '../find-endpoint.ts'
import { sendProved } from '../send-proved.ts'
import type { TaskAccess } from '../task-access.ts'
import type { AnswerKey } from './answer-key.ts'

export interface HookRelayOptions {
  /** Where the socket is made. */
  readonly path: string
  /** Whose hooks it takes, as the gateway knows the agent. */
  readonly agent: string
  /** The gateway's MCP endpoint. */
  readonly endpoint: string
  readonly access: Pick<TaskAccess, 'headers' | 'asksForNonce'>
  readonly key: AnswerKey
}

/** Bytes of a payload and of an answer; the gateway's own cap is smaller. */
const LONGEST = 16 * 1024 * 1024
/** Hooks that wait at once; an agent has a tool or a few under way. */
const MOST = 64
/** Seconds. Clients say theirs; what they wait for at most is a human. */
const DEADLINE = { given: 150, most: 86_400, margin: 2 }
const NONCE = /^[0-9a-f-]{32,64}$/
const HANDED_ON = ['content-type', 'remit-hook-form', 'remit-hook-gateway', 'traceparent'] as const

interface Told {
  readonly status: number
  readonly words: string
}

/**
 * Takes the hooks of one agent at a socket and asks the gateway for the task of that agent, with its token and a proof of
 * its key. An answer is three parts, each after a line end: MAC (`AnswerKey`), status of the gateway, its words as one line.
 */
export async function startHookRelay(options: HookRelayOptions): Promise<{ close(): Promise<void> }> {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  let waiting = 0
  const server = createServer((request, response) => {
    const gone = new AbortController()
    response.on('close', () => {
      gone.abort()
    })
    const answer = async (): Promise<string> => {
      const nonce = nonceOf(request)
      const payload = await readBody(request, LONGEST)
      const told = await tell({ options, agent, waiting, gone: gone.signal }, request, payload)
      const words = oneLine(told.words)
      const mac = options.key.sign({ nonce, status: told.status, answer: words, request: payload })
      return `${mac}\n${told.status}\n${words}`
    }
    waiting += 1
    answer()
      .then((text) => response.writeHead(200, { 'content-length': Buffer.byteLength(text) }).end(text))
      // Without a nonce there is nothing to sign; whoever asks takes this for a no.
      .catch(() => response.writeHead(400).end())
      .finally(() => (waiting -= 1))
  })
  server.requestTimeout = 0
  server.maxConnections = 2 * MOST
  await listen(server, options.path)
  return {
    async close() {
      server.closeAllConnections()
      await Promise.all([
        new Promise((resolve) => {
          server.close(resolve)
        }),
        agent.destroy(),
      ])
    },
  }
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
}

function nonceOf({ headers }: IncomingMessage): string {
  const nonce = headers['remit-hook-nonce']
  if (typeof nonce === 'string' && NONCE.test(nonce)) return nonce
  throw new RemitError('request_invalid', 'a hook asks with a nonce')
}

/** What the gateway says, or why nobody could ask it. */
async function tell(
  at: {
    readonly options: HookRelayOptions
    readonly agent: Agent
    readonly waiting: number
    readonly gone: AbortSignal
  },
  request: IncomingMessage,
  payload: Buffer,
): Promise<Told> {
  const { agent, endpoint, access } = at.options
  const { method, url: path = '' } = request
  // The second hook of an agent asks over the connection of the first.
  if (method !== 'POST' || path.replace(/-defer$/, '') !== `/hooks/v1/${agent}`) {
    return { status: 404, words: `this socket takes the hooks of \`${agent}\` and nothing else` }
  }
  if (at.waiting > MOST) return { status: 503, words: `more than ${MOST} hooks of this agent wait already` }
  const deadline = AbortSignal.timeout(secondsOf(request) * 1_000)
  try {
    const answer = await sendProved(access, {
      target: agentPath(endpoint, path),
      options: {
        method: 'POST',
        dispatcher: at.agent,
        headers: handedOn(request),
        body: payload,
        signal: AbortSignal.any([at.gone, deadline]),
      },
    })
    return { status: answer.statusCode, words: await textOf(answer.body) }
  } catch (thrown) {
    if (deadline.aborted) return { status: 504, words: 'the gateway did not answer in time' }
    const error = asRemitError(thrown)
    return { status: 502, words: error.code === 'internal' ? 'no gateway answers' : error.message }
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > LONGEST) throw new RemitError('body_too_large', 'the answer of the gateway is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}

/** Less than the client waits, so that it hears why. */
function secondsOf({ headers }: IncomingMessage): number {
  const given = /^\d{1,5}$/.exec(String(headers['remit-hook-deadline'] ?? ''))?.[0]
  const seconds = Math.min(given === undefined ? DEADLINE.given : Number(given), DEADLINE.most)
  return Math.max(seconds - DEADLINE.margin, seconds / 2)
}

function handedOn({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    HANDED_ON.flatMap((name) => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    }),
  )
}

function oneLine(words: string): string {
  return words.trim().replaceAll(/\s*[\r\n]\s*/g, ' ')
}
