import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'

/**
 * The whole body of a request, at most `cap` bytes, as it was sent: encoded bodies are refused, so that no
 * few bytes grow into many. After an error the rest is not read; the caller answers and closes.
 * @throws RemitError `body_too_large` (also from Content-Length, before anything is read), `body_encoding`,
 * `request_invalid` when the client went away.
 */
export function readBody(request: IncomingMessage, cap: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return Promise.reject(
      new RemitError('body_encoding', `the body is encoded as \`${encoding}\`; send it unencoded`),
    )
  }
  if (Number(request.headers['content-length'] ?? 0) > cap) return Promise.reject(tooLarge(cap))
  return collect(request, cap)
}

function collect(request: IncomingMessage, cap: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (error?: RemitError): void => {
      request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError)
      if (error === undefined) {
        const only = chunks[0]
        resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size))
        return
      }
      request.pause()
      reject(error)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > cap) finish(tooLarge(cap))
      else chunks.push(chunk)
    }
    const onEnd = (): void => {
      finish()
    }
    const onError = (cause?: unknown): void => {
      // A socket may still fail after the listeners are gone; that must not end the process.
      request.on('error', () => {})
      finish(new RemitError('request_invalid', 'the request ended before its body was whole', { cause }))
    }
    request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError)
  })
}

function tooLarge(cap: number): RemitError {
  return new RemitError('body_too_large', `the body is larger than ${cap} bytes; send less`)
}
