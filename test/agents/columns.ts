/** What befalls an act. The policy decides by the name of its file, which begins with the column. */
export const COLUMNS = [
  'allow',
  'forbidden',
  'asked-yes',
  'asked-no',
  'secret',
  'sub-agent',
  'sub-agent-forbidden',
  'down',
  'late',
  'timeout',
] as const

export type Column = (typeof COLUMNS)[number]

/** Comma-separated names of columns to try alone; default all. */
const WANTED = process.env['REMIT_AGENTS_COLUMNS']?.split(',')

export function isWanted(column: Column): boolean {
  return WANTED?.includes(column) ?? true
}

export const TITLES: Readonly<Record<Column, string>> = {
  allow: 'what is allowed happens, and was decided once, at its door',
  forbidden: 'what is denied does not happen',
  'asked-yes': 'what a human agrees to happens',
  'asked-no': 'what a human refuses does not happen',
  secret: 'a secret in a result does not reach the model',
  'sub-agent': 'a sub-agent does what is allowed, as a child task where the agent tells of it',
  'sub-agent-forbidden': 'a sub-agent does not what is denied, as a child task where the agent tells of it',
  down: 'nothing happens while there is no gateway',
  late: 'nothing happens when the gateway does not answer in time',
  timeout: 'what the agent does when it ends the hook itself is what docs/hooks.md says',
}

export function isOfSubAgent(column: string): boolean {
  return column.startsWith('sub-agent')
}
