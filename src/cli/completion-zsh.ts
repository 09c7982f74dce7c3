import { COMMON_FLAGS, type Command, type Flag, type Positional } from './command.ts'
import { firstWords, groups } from './completion-bash.ts'

/** A completion function for zsh. */
export function zshCompletion(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const specs = [
      ...[...command.flags, ...COMMON_FLAGS].map(flagSpec),
      ...command.positionals.map(positionalSpec),
    ]
    return `    ${quote(command.path)}) _arguments ${specs.map(quote).join(' ')} ;;`
  })
  const nested = groups(commands).map(
    ([group, names]) => `    ${group})
      if (( CURRENT == 3 )); then
        compadd -- ${names.join(' ')}
        return
      fi
      name="$words[2] $words[3]"
      (( skip = 2 ))
      ;;`,
  )
  return `#compdef remit
# zsh completion of remit, made by \`remit completion zsh\`
_remit() {
  local name
  integer skip=1
  if (( CURRENT == 2 )); then
    compadd -- ${firstWords(commands).join(' ')}
    return
  fi
  case "$words[2]" in
${nested.join('\n')}
    *) name="$words[2]" ;;
  esac
  shift $skip words
  (( CURRENT -= skip ))
  case "$name" in
${cases.join('\n')}
  esac
}
_remit "$@"
`
}

function flagSpec(flag: Flag): string {
  const many = flag.many === true ? '*' : ''
  const action = flag.choices === undefined ? offered(flag.offers) : `(${flag.choices.join(' ')})`
  const value = flag.takes === undefined ? '' : `:${flag.takes}:${action}`
  return `${many}--${flag.name}[${clean(flag.summary)}]${value}`
}

function positionalSpec(positional: Positional): string {
  const action =
    positional.choices === undefined ? offered(positional.offers) : `(${positional.choices.join(' ')})`
  return `:${clean(positional.summary)}:${action}`
}

function offered(offers: Flag['offers']): string {
  if (offers === 'files') return '_files'
  return offers === 'folders' ? '_files -/' : ' '
}

/** What \`_arguments\` would read as its own syntax. */
function clean(text: string): string {
  return text.replaceAll(/[[\]:`\\]/g, '')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
