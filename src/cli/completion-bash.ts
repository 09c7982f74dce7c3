import { COMMON_FLAGS, type Command, type Flag } from './command.ts'

/** A completion script for bash 3.2 and newer; values are static words, so nothing is run while typing. */
export function bashCompletion(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const flags = [...command.flags, ...COMMON_FLAGS]
    const words = flags.map((flag) => `--${flag.name}`).join(' ')
    const values = flags.flatMap((flag) => valueCase(flag))
    const positional = command.positionals.flatMap(({ choices }) => choices ?? []).join(' ')
    return `    '${command.path}')
      case "$prev" in
${values.map((line) => `        ${line}\n`).join('')}        *) COMPREPLY=($(compgen -W '${[words, positional].join(' ').trim()}' -- "$cur")) ;;
      esac
      ;;`
  })
  return `# bash completion of remit, made by \`remit completion bash\`
_remit() {
  local cur prev first second path
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  first="\${COMP_WORDS[1]}"
  second="\${COMP_WORDS[2]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${firstWords(commands).join(' ')}' -- "$cur"))
    return
  fi
  case "$first" in
${groups(commands)
  .map(
    ([group, names]) => `    ${group})
      if [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$cur"))
        return
      fi
      path="$first $second"
      ;;`,
  )
  .join('\n')}
    *) path="$first" ;;
  esac
  case "$path" in
${cases.join('\n')}
  esac
}
complete -F _remit remit
`
}

function valueCase(flag: Flag): readonly string[] {
  if (flag.choices !== undefined) {
    return [`--${flag.name}) COMPREPLY=($(compgen -W '${flag.choices.join(' ')}' -- "$cur")) ;;`]
  }
  if (flag.offers === 'files') return [`--${flag.name}) COMPREPLY=($(compgen -f -- "$cur")) ;;`]
  if (flag.offers === 'folders') return [`--${flag.name}) COMPREPLY=($(compgen -d -- "$cur")) ;;`]
  return flag.takes === undefined ? [] : [`--${flag.name}) ;;`]
}

/** First words of all commands, each once. */
export function firstWords(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map((command) => command.path.split(' ')[0] ?? ''))]
}

/** Groups with the second words of their commands. */
export function groups(commands: readonly Command[]): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>()
  for (const { path } of commands) {
    const [group = '', name] = path.split(' ')
    if (name !== undefined) found.set(group, [...(found.get(group) ?? []), name])
  }
  return [...found]
}
