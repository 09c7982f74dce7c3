import type { z } from 'zod'
import { suggestWord } from './suggest-word.ts'
import type { YamlSource } from './yaml-source.ts'

type Issue = z.core.$ZodIssue
type Path = readonly (string | number)[]

const MAX_SHOWN = 60
/** Messages that our schema wrote, not the library. */
const OWN_MESSAGE = /^(must|cannot|needs)\b/

/**
 * One line for each thing that is wrong: where it stands, what its key is, what is allowed, what was found. A `custom`
 * issue with `params.key` is about the key itself.
 * @param keysAt the keys that the schema knows at a path, for suggestions.
 */
export function describeConfigIssue(
  source: YamlSource,
  issue: Issue,
  keysAt: (path: Path) => readonly string[],
): readonly string[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = suggestWord(key, keysAt(path))
      const hint = near === undefined ? '' : ` (did you mean \`${near}\`?)`
      const where = source.position([...path, key], { key: true })
      return `${where}: \`${pathText([...path, key])}\` is not a key that Remit knows${hint}`
    })
  }
  const key = issue.code === 'invalid_key' || (issue.code === 'custom' && issue.params?.['key'] === true)
  const where = source.position(path, { key })
  return [
    `${where}: \`${pathText(path)}\` ${requirement(issue)}${key ? '' : found(source.value, path, issue)}`,
  ]
}

/** What is wrong with a value that came from the environment. */
export function describeVariableIssue(variable: string, issue: Issue): string {
  return `environment: \`${variable}\` ${requirement(issue)}`
}

/** `servers.fs.args[0]`. */
export function pathText(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? step : `.${step}`
  }
  return text === '' ? 'the file' : text
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function requirement(issue: Issue): string {
  const own = OWN_MESSAGE.test(issue.message) ? issue.message : undefined
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_type') return own ?? `must be ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'invalid_key') {
    return `cannot be a key here: it ${issue.issues[0]?.message ?? 'is not allowed'}`
  }
  if (issue.code === 'too_small') {
    const length = issue.origin === 'string' || issue.origin === 'array'
    return length ? 'must not be empty' : `must be at least ${issue.minimum}`
  }
  return own ?? 'is not allowed here'
}

function found(root: unknown, path: Path, issue: Issue): string {
  // Values below these keys may be credentials: never echoed.
  if (path.some((step) => step === 'env' || step === 'headers' || /(secret|^token)$/i.test(String(step))))
    return ''
  const value = valueAt(root, path)
  if (value === undefined || (typeof value === 'object' && issue.code === 'custom')) return ''
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? ' (found a list)' : ' (found a mapping)'
  }
  const shown = `${value as string | number | boolean | null}`.slice(0, MAX_SHOWN)
  const near = issue.code === 'invalid_value' ? suggestWord(shown, issue.values.map(String)) : undefined
  return ` (found \`${shown}\`${near === undefined ? '' : `; did you mean \`${near}\`?`})`
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}
