/** The kinds of arguments that configuration and the catalogue may name; `extract.ts` has an extractor for each. */
export const ARGUMENT_KINDS = [
  'path',
  'paths',
  'directory',
  'record',
  'url',
  'host',
  'sql',
  'command',
  'branch',
  'pattern',
  'patch',
  'recipient',
  'money',
  'call',
  'plain',
] as const

export type ArgumentKind = (typeof ARGUMENT_KINDS)[number]
