import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Exchange } from './exchange.ts'

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

/** Hands on what a server says while it works on a call: progress to who asked for it, logs from the level asked. */
export function relayNotification(exchange: Exchange, method: string, params: JsonObject): void {
  if (method === 'notifications/progress') {
    const { progressToken } = exchange.meta
    if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return
    exchange.reply.notify(method, { ...params, progressToken })
  } else if (method === 'notifications/message' && wantsLog(exchange, params)) {
    exchange.reply.notify(method, withoutMeta(params))
  }
}

/** 2026-07-28: none without a level. The initialize era: all until a level was set. */
function wantsLog(exchange: Exchange, params: JsonObject): boolean {
  const { claim, session } = exchange
  const wanted = claim.era === 'modern' ? claim.logLevel : (session?.logLevel ?? 'debug')
  if (wanted === undefined) return false
  const { level } = params
  return isLogLevel(level) && LEVELS.indexOf(level) >= LEVELS.indexOf(wanted)
}

function withoutMeta(params: JsonObject): JsonObject {
  if (!isJsonObject(params['_meta'])) return params
  const { _meta: _, ...rest } = params
  return rest
}

export function isLogLevel(value: unknown): value is string {
  return typeof value === 'string' && LEVELS.includes(value)
}
