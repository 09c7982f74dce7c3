/** A script of the pages, as it is served. */
export interface PageScript {
  readonly text: string
  /** `sha384-…`, as the pages ask for it. */
  readonly integrity: string
}

/** By file name. */
export type PageScripts = ReadonlyMap<string, PageScript>

export type EntryScript = (typeof ENTRY_SCRIPTS)[number]

export const SCRIPT_PREFIX = '/pages/'

/** What pages begin with; the other scripts are imported by these. */
export const ENTRY_SCRIPTS = [
  'login.js',
  'enrol.js',
  'delegate.js',
  'device.js',
  'approval.js',
  'returned.js',
] as const
