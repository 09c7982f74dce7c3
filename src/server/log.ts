import type { Log, LogLevel } from '../core/log.ts'

const RANK: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 }
const COLOURS: Readonly<Record<LogLevel, string>> = { debug: '90', info: '36', warn: '33', error: '31' }

/** Fields whose value is never written, whoever passed them. */
const SECRET_FIELD = /token|secret|password|authorization|credential|cookie|code$|key$/i
const SECRET_VALUE = /\b(?:Bearer\s+\S+|remit_local_[\w-]+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+)/g
/** `code` alone is an error's. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['code', 'server_key'])
const LONGEST = 2_000

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'json' | 'pretty'
  readonly colour: boolean
  readonly now: () => number
  /** Takes one line with its line feed. */
  readonly write: (line: string) => void
}

/** The gateway's log: one line an event, JSON for machines or text for people. */
export function createLog(options: LogOptions): Log {
  return {
    log: (level, event, fields = {}) => {
      if (RANK[level] < RANK[options.level]) return
      const time = new Date(options.now()).toISOString()
      const safe = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, safeValue(name, value)]),
      )
      if (options.format === 'json') {
        options.write(`${JSON.stringify({ time, level, event, ...safe })}\n`)
        return
      }
      const text = Object.entries(safe).map(([name, value]) => `${name}=${prettyValue(value)}`)
      const tag = options.colour ? `\u001B[${COLOURS[level]}m${level}\u001B[0m` : level
      options.write([time.slice(11, 23), tag, event, ...text].join(' ').concat('\n'))
    },
  }
}

function safeValue(name: string, value: unknown): unknown {
  if (SECRET_FIELD.test(name) && !PLAIN_FIELDS.has(name)) return '[redacted]'
  if (typeof value === 'string') return value.replaceAll(SECRET_VALUE, '[redacted]').slice(0, LONGEST)
  if (value instanceof Error) return safeValue(name, value.message)
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => safeValue(name, item))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, safeValue(key, member)]))
  }
  return typeof value === 'function' || typeof value === 'symbol' ? undefined : value
}

/** Line feeds and escapes of foreign text must not forge lines or drive the terminal. */
function prettyValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text)
}
