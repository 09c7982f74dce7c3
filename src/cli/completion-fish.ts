import { COMMON_FLAGS, type Command, type Flag } from './command.ts'
import { groups } from './completion-bash.ts'

/** Completions for fish 3 and newer. */
export function fishCompletion(commands: readonly Command[]): string {
  const lines = ['# fish completion of remit, made by `remit completion fish`', 'complete -c remit -f']
  for (const [group, names] of groups(commands)) {
    lines.push(`complete -c remit -n __fish_use_subcommand -a ${group}`)
    const condition = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${names.join(' ')}`
    lines.push(`complete -c remit -n ${quote(condition)} -a ${quote(names.join(' '))}`)
  }
  for (const command of commands) {
    const words = command.path.split(' ')
    if (words.length === 1) {
      lines.push(`complete -c remit -n __fish_use_subcommand -a ${command.path} -d ${quote(command.summary)}`)
    }
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    for (const flag of [...command.flags, ...COMMON_FLAGS]) {
      lines.push(
        `complete -c remit -n ${quote(seen)} -l ${flag.name}${valueOf(flag)} -d ${quote(flag.summary)}`,
      )
    }
    for (const { choices } of command.positionals) {
      if (choices !== undefined)
        lines.push(`complete -c remit -n ${quote(seen)} -a ${quote(choices.join(' '))}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function valueOf(flag: Flag): string {
  if (flag.takes === undefined) return ''
  if (flag.choices !== undefined) return ` -x -a ${quote(flag.choices.join(' '))}`
  if (flag.offers === undefined) return ' -x'
  return flag.offers === 'folders' ? ' -x -a "(__fish_complete_directories)"' : ' -r -F'
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}
