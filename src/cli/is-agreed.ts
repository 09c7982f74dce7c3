import { askLine, canAsk } from './ask-line.ts'
import { type Invocation, UsageError } from './command.ts'

/** @throws UsageError where nobody can be asked. */
export async function isAgreed({ flags, json }: Invocation): Promise<boolean> {
  if (flags['yes'] === true) return true
  if (json || !canAsk())
    throw new UsageError('nobody can be asked here; say `--yes`, or `--dry-run` to look', 'init')
  return /^y(es)?$/i.test(await askLine('Do this? [y/N] '))
}
