import { parseArgs, type ParseArgsConfig } from 'node:util'
import { suggestWord } from '../server/suggest-word.ts'
import { joinValues } from './join-values.ts'
import { COMMON_FLAGS, type Command, type Flag, type Invocation, type Io, UsageError } from './command.ts'
import { COMMAND_PATHS, loadCommand } from './commands.ts'

export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly invocation: Invocation }
  /** `command` absent = help of the whole program, or of the group named. */
  | { readonly kind: 'help'; readonly command?: Command; readonly group?: string }
  | { readonly kind: 'version' }

/** @throws UsageError that says what is wrong and what was meant. */
export async function parseArguments(args: readonly string[], io: Io): Promise<Parsed> {
  const first = args[0]
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') return { kind: 'help' }
  if (first === '--version' || first === '-v') return { kind: 'version' }
  const path = COMMAND_PATHS.find((each) => each.split(' ').every((word, index) => args[index] === word))
  if (path === undefined) return unknownCommand(args)
  const command = await loadCommand(path)
  const rest = args.slice(path.split(' ').length)
  const { values, positionals } = parseFlags(command, rest)
  if (values['help'] === true) return { kind: 'help', command }
  checkFlags(command, values)
  checkPositionals(command, positionals)
  return {
    kind: 'run',
    command,
    invocation: { flags: values, positionals, json: values['json'] === true, io },
  }
}

function unknownCommand(args: readonly string[]): Parsed {
  const [group = '', second] = args
  const inGroup = COMMAND_PATHS.filter((path) => path.startsWith(`${group} `))
  if (inGroup.length === 0) {
    const names = [...new Set(COMMAND_PATHS.map((path) => path.split(' ')[0] ?? ''))]
    throw new UsageError(`there is no command \`${group}\`${meant(suggestWord(group, names))}`)
  }
  if (second === '--help' || second === '-h') return { kind: 'help', group }
  const names = inGroup.map((path) => path.slice(group.length + 1))
  if (second === undefined) throw new UsageError(`\`${group}\` needs one of: ${names.join(', ')}`, group)
  throw new UsageError(
    `there is no command \`${group} ${second}\`${meant(suggestWord(second, names))}`,
    group,
  )
}

function parseFlags(
  command: Command,
  args: readonly string[],
): { readonly values: Invocation['flags']; readonly positionals: readonly string[] } {
  const flags = [...command.flags, ...COMMON_FLAGS]
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const flag of flags) {
    options[flag.name] = {
      type: flag.takes === undefined ? 'boolean' : 'string',
      ...(flag.many === true ? { multiple: true } : {}),
      ...(flag.name === 'help' ? { short: 'h' } : {}),
    }
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...joinValues(args, flags)],
      options,
      strict: true,
      allowPositionals: true,
    })
    return { values: values as Invocation['flags'], positionals }
  } catch (error) {
    throw new UsageError(explain(error as Error, flags), command.path)
  }
}

function explain(error: Error, flags: readonly Flag[]): string {
  const unknown = /^Unknown option '([^']+)'/.exec(error.message)?.[1]
  if (unknown === undefined) return error.message.split('. ')[0]?.replaceAll("'", '`') ?? error.message
  const names = flags.map((flag) => `--${flag.name}`)
  return `there is no flag \`${unknown}\`${meant(suggestWord(unknown, names))}`
}

function checkFlags(command: Command, values: Invocation['flags']): void {
  for (const flag of command.flags) {
    const value = values[flag.name]
    if (flag.required === true && value === undefined) {
      throw new UsageError(`\`${command.path}\` needs \`--${flag.name} <${flag.takes ?? ''}>\``, command.path)
    }
    for (const text of typeof value === 'object' ? value : [value]) {
      if (flag.choices === undefined || typeof text !== 'string' || flag.choices.includes(text)) continue
      const allowed = flag.choices.join(', ')
      throw new UsageError(`\`--${flag.name}\` must be one of ${allowed} (found \`${text}\`)`, command.path)
    }
  }
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const missing = command.positionals[given.length]
  if (missing !== undefined && missing.optional !== true) {
    throw new UsageError(`\`${command.path}\` needs <${missing.name}>: ${missing.summary}`, command.path)
  }
  const rest = command.positionals.at(-1)?.rest === true
  if (given.length > command.positionals.length && !rest) {
    throw new UsageError(
      `\`${command.path}\` does not take \`${given[command.positionals.length]}\``,
      command.path,
    )
  }
  for (const [index, { choices }] of command.positionals.entries()) {
    const text = given[index]
    if (choices === undefined || text === undefined || choices.includes(text)) continue
    throw new UsageError(`\`${text}\` is not one of ${choices.join(', ')}`, command.path)
  }
}

function meant(word: string | undefined): string {
  return word === undefined ? '' : `; did you mean \`${word}\`?`
}
