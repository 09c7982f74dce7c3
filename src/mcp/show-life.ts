import type { Exchange } from './exchange.ts'

/** Progress keeps clients from timing out; a comment at least keeps what lies between from closing the stream. */
export function showLife({ meta, reply }: Exchange, message: string, beat: number): NodeJS.Timeout {
  const { progressToken } = meta
  let progress = 0
  return setInterval(() => {
    progress += 1
    if (typeof progressToken === 'string' || typeof progressToken === 'number') {
      reply.notify('notifications/progress', { progressToken, progress, message })
    } else if (reply.stream()) {
      reply.comment()
    }
  }, beat)
}
