export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Structured log: an event name and fields. Never given tokens, arguments or results. */
export interface Log {
  log(level: LogLevel, event: string, fields?: { readonly [field: string]: unknown }): void
}

export const SILENT: Log = { log: () => {} }
