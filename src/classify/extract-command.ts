import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { Findings } from './shell/findings.ts'
import { literalArgument, type Argument } from './shell/argument.ts'
import { walkCommand, walkCommandLine } from './shell/walk.ts'

const MAX_WORDS = 1_000

/**
 * A command line for a shell, or a program with its arguments as a list. Everything that it would do, as far as that
 * can be read; a program that is not understood is `shell.execute` and opaque. Reads the grammar of bash, so an agent
 * whose shell is another one is as safe as that shell is like it.
 */
export function extractCommand(value: Json, context: ExtractionContext): readonly Operation[] {
  const findings = new Findings(context)
  if (typeof value === 'string') {
    // NUL ends a C string: what follows would be read here and not there.
    if (value.trim() === '') return []
    walkCommandLine(value, '.', findings)
    return findings.operations
  }
  const words = wordsOf(value)
  if (words === undefined) findings.opaque('?', [0, 0])
  else walkCommand(words, '.', findings)
  return findings.operations
}

/** No shell reads these: every word is itself. */
function wordsOf(value: Json): readonly Argument[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_WORDS) return undefined
  const items = value as readonly Json[]
  const words = items.flatMap((item) => (typeof item === 'string' ? [literalArgument(item, [0, 0])] : []))
  return words.length === items.length ? words : undefined
}
