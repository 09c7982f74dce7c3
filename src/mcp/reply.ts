import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../core/json.ts'
import type { RequestId } from './json-rpc.ts'
import { responsePieces } from './large-answer.ts'

/** Bytes that may wait for a slow reader before what is only informative is dropped. */
const BACKLOG = 1024 * 1024

/**
 * The one writer of one answer: JSON when nothing had to be said before the result, else an event stream
 * (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http). Writing after
 * the end, or to a client that has gone, does nothing.
 */
export class Reply {
  readonly canStream: boolean
  readonly #response: ServerResponse
  readonly #headers: Record<string, string>
  #streaming = false
  #bytes = 0

  constructor(response: ServerResponse, canStream: boolean) {
    this.#response = response
    this.canStream = canStream
    this.#headers = {}
  }

  /** Path of the request that this answers. */
  get path(): string {
    return (this.#response.req.url ?? '').split('?')[0] ?? ''
  }

  get gone(): boolean {
    return this.#response.destroyed
  }

  /** Size of the result or error as written; 0 before. */
  get bytes(): number {
    return this.#bytes
  }

  get answered(): boolean {
    return this.#response.writableEnded
  }

  /** A header of the answer; without effect once a stream has begun. */
  header(name: string, value: string): void {
    this.#headers[name] = value
  }

  /** Calls back once when the connection closes, answered or not, or has closed; returns the unsubscriber. */
  onClose(listener: () => void): () => void {
    if (this.gone) {
      listener()
      return () => {}
    }
    this.#response.once('close', listener)
    return () => this.#response.off('close', listener)
  }

  /** True = a stream is open, now or since before; false = this client takes none. */
  stream(): boolean {
    if (this.#streaming) return true
    if (!this.canStream || this.answered || this.gone) return false
    this.#streaming = true
    this.#response.writeHead(200, {
      ...this.#headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    this.#response.flushHeaders()
    return true
  }

  /** A message ahead of the result. False = it could not be sent. */
  send(message: JsonObject): boolean {
    if (this.answered || this.gone || !this.stream()) return false
    this.#response.write(frame(JSON.stringify(message)))
    return true
  }

  /** Like `send`, but dropped when the reader is far behind. */
  notify(method: string, params: JsonObject): boolean {
    if (this.#response.writableLength > BACKLOG) return false
    return this.send({ jsonrpc: '2.0', method, params })
  }

  comment(): void {
    if (this.#streaming && !this.answered && !this.gone) this.#response.write(': waiting\n\n')
  }

  /** The result or error, and the end. `status` counts only when no stream has begun. */
  finish(status: number, message: JsonObject): void {
    if (this.answered || this.gone) return
    // What is left of a body that was refused is not waited for.
    if (!this.#response.req.complete) this.#headers['connection'] = 'close'
    const pieces = responsePieces(message)
    if (pieces !== undefined) {
      this.#finishInPieces(status, pieces)
      return
    }
    const text = JSON.stringify(message)
    if (this.#streaming) {
      this.#bytes = Buffer.byteLength(text)
      this.#response.end(frame(text))
      return
    }
    this.#bytes = Buffer.byteLength(text)
    this.#headers['content-type'] = 'application/json'
    this.#headers['content-length'] = String(this.#bytes)
    this.#response.writeHead(status, this.#headers)
    // As a string it leaves in one write with the head; a buffer would be a second one. As many bytes as
    // characters means ASCII, which Latin-1 writes without encoding.
    this.#response.end(text, this.#bytes === text.length ? 'latin1' : 'utf8')
  }

  #finishInPieces(status: number, pieces: readonly Uint8Array[]): void {
    const response = this.#response
    this.#bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (!this.#streaming) {
      this.#headers['content-type'] = 'application/json'
      this.#headers['content-length'] = String(this.#bytes)
      response.writeHead(status, this.#headers)
    }
    response.cork()
    if (this.#streaming) response.write(FRAME)
    for (const piece of pieces) response.write(piece)
    response.end(this.#streaming ? FRAME_END : undefined)
  }

  /** An end without a message: an accepted notification, or a request that was cancelled. */
  empty(status: number): void {
    if (this.answered || this.gone) return
    if (!this.#streaming) this.#response.writeHead(status, { ...this.#headers, 'content-length': '0' })
    this.#response.end()
  }
}

export function resultMessage(id: RequestId, result: JsonObject): JsonObject {
  return { jsonrpc: '2.0', id, result }
}

const FRAME = 'event: message\ndata: '
const FRAME_END = '\n\n'

function frame(text: string): string {
  return `${FRAME}${text}${FRAME_END}`
}
