import { parseDuration } from '../server/parse-units.ts'
import { UsageError } from './command.ts'

/** Milliseconds of `--expires`. @throws UsageError. */
export function lifetimeOf(text: string | undefined, command: string): number | undefined {
  if (text === undefined) return undefined
  const lifetime = parseDuration(text)
  if (lifetime !== undefined) return lifetime
  throw new UsageError(`\`--expires\` must be a duration like \`45m\` or \`2h\` (found \`${text}\`)`, command)
}
