import type { Log } from '../core/log.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { RemitError } from '../core/errors.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import { BridgeLink, type LinkCredentials } from './bridge-link.ts'
import { BridgeSession } from './bridge-session.ts'
import { readMessage } from './json-rpc.ts'
import { refusedRuntimeCall, runtimeCallOf } from './runtime-call.ts'
import { LineSplitter } from './upstream-lines.ts'

export interface ConnectOptions {
  /** The gateway's endpoint: `…/mcp` or `…/mcp/<server>`. */
  readonly url: string
  /** Only ever sent to `url`. */
  readonly credentials: LinkCredentials
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly log: Log
  /** Milliseconds after which a runtime that asks with the gateway's own tool is answered, by a no; absent = 150 s. */
  readonly runtimeDeadline?: number | undefined
  /** Told once, of the first request: in it a client says who it is. */
  readonly began?: (params: JsonObject) => void
}

/** The gateway's own cap on a body is smaller; this one keeps a stream without line ends from filling memory. */
const MAX_LINE = 16 * 1024 * 1024

/**
 * Lets a client that speaks only stdio use the gateway: newline-delimited JSON-RPC of any era in, each message
 * POSTed, everything that is answered out. Nothing is ever sent twice.
 * @returns when the input has ended and every open request was answered.
 * @throws RemitError `body_too_large`, `input_invalid` for input that is no lines of messages.
 */
export async function runConnect(options: ConnectOptions): Promise<void> {
  const { input, output, log } = options
  const write = (message: JsonObject): void => {
    output.write(`${JSON.stringify(message)}\n`)
  }
  const link = new BridgeLink({ url: options.url, credentials: options.credentials })
  const session = new BridgeSession({ link, write, log, runtimeDeadline: options.runtimeDeadline })
  const open = new Set<Promise<void>>()
  /** What follows `initialize` needs the session that it gives. */
  let turn: Promise<void> = Promise.resolve()
  let begun = false
  const tellBegun = (params: JsonObject): void => {
    if (!begun) options.began?.(params)
    begun = true
  }
  const lines = new LineSplitter(MAX_LINE, (line) => {
    refuseHeaders(line)
    const message = parseLine(line, write)
    if (message === undefined) return
    if (message.kind === 'request') tellBegun(message.params)
    const task = turn.then(() => session.forward(message))
    if (message.kind === 'request' && message.method === 'initialize') turn = task
    open.add(task)
    void task.finally(() => open.delete(task))
  })
  try {
    for await (const chunk of input) {
      if (!lines.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) {
        throw new RemitError('body_too_large', `a line on the input is longer than ${String(MAX_LINE)} bytes`)
      }
    }
    await Promise.all(open)
  } finally {
    await session.close()
    await link.close()
  }
}

/**
 * A client whose first message was refused may try the framing of LSP next (Cline does), which nobody answers here: one
 * that hears of it by the end of this process does not wait for its own time-out.
 */
function refuseHeaders(line: Buffer): void {
  if (!/^content-length:/i.test(line.toString('latin1', 0, 20))) return
  throw new RemitError(
    'input_invalid',
    'the client frames messages with `Content-Length`; MCP on stdio is a message a line',
  )
}

function parseLine(
  line: Buffer,
  write: (message: JsonObject) => void,
): ReturnType<typeof readMessage> | undefined {
  try {
    const text = decodeUtf8Strict(line).trim()
    if (text === '') return undefined
    const value: Json = parseStrictJson(text)
    return readMessage(value)
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the line is no JSON-RPC message'
    write(refusedLine(line, message) ?? { jsonrpc: '2.0', id: null, error: { code: -32700, message } })
    return undefined
  }
}

/** The no to a runtime that asks in JSON which is too loose to be decided on; undefined = it is no such question. */
function refusedLine(line: Buffer, why: string): JsonObject | undefined {
  try {
    const asked = runtimeCallOf(readMessage(JSON.parse(line.toString('utf8')) as Json))
    return asked && refusedRuntimeCall(asked, why)
  } catch {
    return undefined
  }
}
