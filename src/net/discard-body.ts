import type { IncomingMessage } from 'node:http'

/** Milliseconds that the rest of a body may take. */
const PATIENCE = 1_000

/**
 * Reads what is left of a body that nobody wants, at most `cap` bytes and a second. A connection that is closed with
 * bytes unread is reset, and the client may lose the answer, and those before it (RFC 9112 §9.6).
 * @returns when there is no more, or when it is too much; `request.complete` tells which.
 */
export function discardBody(request: IncomingMessage, cap: number): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let left = cap
    const finish = (): void => {
      clearTimeout(timer)
      request.off('data', count).off('end', finish).off('close', finish).off('error', finish)
      // A socket may still fail after the listeners are gone; that must not end the process.
      request.on('error', () => {}).pause()
      resolve()
    }
    const count = (chunk: Buffer): void => {
      left -= chunk.length
      if (left < 0) finish()
    }
    const timer = setTimeout(finish, PATIENCE)
    request.on('data', count).on('end', finish).on('close', finish).on('error', finish)
  })
}
