import { COMMON_FLAGS, type Command, type Flag, type Positional } from './command.ts'

/** More choices than this would fill the screen; a wrong one lists them. */
const FEW = 8

/** Help of the program, or of one group of its commands. */
export function programHelp(commands: readonly Command[], group?: string): string {
  const shown = commands.filter((command) => group === undefined || command.path.startsWith(`${group} `))
  const rows = shown.map((command) => [usageOf(command), command.summary] as const)
  return [
    group === undefined
      ? 'remit: decides, asks about, records and routes every tool call of coding agents'
      : `remit ${group}`,
    '',
    `usage: remit ${group ?? '<command>'} [flags]`,
    '',
    columns(rows),
    '',
    'Every command has --help and --json. Exit codes: 0 done, 1 refused or failed, 2 used wrongly.',
    '',
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const positionals = command.positionals.map((each) => [positionalText(each), each.summary] as const)
  const flags = [...command.flags, ...COMMON_FLAGS].map(
    (flag) => [flagText(flag), flagSummary(flag)] as const,
  )
  return [
    command.summary,
    '',
    `usage: remit ${usageOf(command)} [flags]`,
    ...(positionals.length === 0 ? [] : ['', columns(positionals)]),
    '',
    columns(flags),
    ...(command.notes === undefined ? [] : ['', command.notes]),
    '',
  ].join('\n')
}

function usageOf(command: Command): string {
  return [command.path, ...command.positionals.map(positionalText)].join(' ')
}

function positionalText({ name, optional, rest }: Positional): string {
  if (rest === true) return `[-- ${name}…]`
  return optional === true ? `[${name}]` : `<${name}>`
}

function flagText(flag: Flag): string {
  return flag.takes === undefined ? `--${flag.name}` : `--${flag.name} <${flag.takes}>`
}

function flagSummary(flag: Flag): string {
  const notes = [
    ...(flag.required === true ? ['required'] : []),
    ...(flag.many === true ? ['may repeat'] : []),
    ...(flag.choices === undefined || flag.choices.length > FEW ? [] : [flag.choices.join('|')]),
  ]
  return notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join('; ')})`
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
