import { BUDGET_KINDS, type Budget } from '../core/identity.ts'
import { parseDuration } from '../server/parse-units.ts'
import { type Flag, type Invocation, listFlag, UsageError } from './command.ts'

export const budgetFlags: readonly Flag[] = [
  {
    name: 'budget',
    takes: 'kind=limit',
    many: true,
    summary: 'what it may use up, as `writes=20` or `duration=8h`',
  },
]

/** @throws UsageError. */
export function budgetFrom(invocation: Invocation, command: string): Budget | undefined {
  const given = listFlag(invocation, 'budget')
  if (given === undefined) return undefined
  return Object.fromEntries(given.map((text) => limitOf(text, command)))
}

function limitOf(text: string, command: string): readonly [string, number] {
  const [name = '', value = ''] = text.split('=')
  const kind = BUDGET_KINDS.find((each) => each === name)
  const limit = kind === 'duration' ? parseDuration(value) : /^\d+$/.test(value) ? Number(value) : undefined
  if (kind !== undefined && limit !== undefined) return [kind, limit]
  throw new UsageError(
    `\`--budget\` must be like \`writes=20\` or \`duration=8h\`, of ${BUDGET_KINDS.join(', ')} (found \`${text}\`)`,
    command,
  )
}
