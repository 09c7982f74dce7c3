import { applyRole } from './apply-spec.ts'
import { literalArgument, unknownArguments, type Argument } from './argument.ts'
import type { CommandSite, ProgramReader } from './command-site.ts'
import { readAssignment, showEnvironment } from './environment.ts'
import { readOptions } from './read-options.ts'
import type { ProgramSpec } from './spec.ts'
import type { WrapperSpec } from './wrappers.ts'

/** A program that starts another one, named by its arguments. */
export function wrapper(spec: WrapperSpec): ProgramReader {
  const { flags = '', long = '', values: known = {} } = spec
  const numbers = spec.numbers === undefined ? {} : { numbers: spec.numbers }
  const options: ProgramSpec = { flags, long, values: known, ...numbers, leading: true, rest: 'plain' }
  return (site) => {
    const { positional, values, understood, given } = readOptions(options, site.args)
    for (const { role, argument } of values) applyRole(role, argument, site)
    const words = [...positional]
    let clear = understood && spec.opaque !== true
    if (spec.assigns === true) {
      while (/^[A-Za-z_]\w*=/.test(words[0]?.text ?? '')) {
        const { name, value } = readAssignment(words.shift())
        site.exportVariable(name, value)
      }
    }
    words.splice(0, spec.skip ?? 0)
    if (spec.looks?.split(' ').some((name) => given.has(name)) === true) return clear
    if (words.length === 0) {
      if (spec.shows === true) showEnvironment(site)
      return clear && spec.alone === true
    }
    if (spec.shell === true) {
      clear = startInShell(words, site) && clear
    } else site.start(words)
    return clear
  }
}

/** Words that are joined and given to a shell. */
function startInShell(words: readonly Argument[], site: CommandSite): boolean {
  const joined = joinWords(words, site)
  if (joined === undefined) return false
  site.script(joined)
  return true
}

function joinWords(words: readonly Argument[], site: CommandSite): Argument | undefined {
  if (words.some(({ kind }) => kind !== 'literal')) return undefined
  return literalArgument(
    words.map(({ text }) => text).join(' '),
    words.length === 1 ? (words[0]?.span ?? site.span) : site.span,
  )
}

/** `eval`: its words are one command line. */
export const evaluate: ProgramReader = (site) => {
  if (site.args.some((word) => word.unseen === true)) site.findings.opaque('eval', site.span, ['unseen'])
  return site.args.length === 0 || startInShell(site.args, site)
}

/** `trap 'command' EXIT`. */
export const trap: ProgramReader = (site) => {
  const [command, ...signals] = site.args
  if (command === undefined || signals.length === 0 || command.text.startsWith('-'))
    return command?.text === '-'
  if (command.kind !== 'literal') return false
  if (command.text !== '') site.script(command)
  return true
}

const SHELL = {
  flags: 'celiuxvfanh',
  long: 'login norc noprofile posix',
  values: { plain: 'o' },
  leading: true as const,
  rest: 'plain' as const,
}

/** `sh -c '…'`, a here-document for a shell, or a script whose text is not here. */
export const shell: ProgramReader = (site) => {
  const { positional, given, understood } = readOptions(SHELL, site.args)
  if (/^--(version|help)$/.test(site.args[0]?.text ?? '')) return site.args.length === 1
  const [first] = positional
  // Other grammars: what this parser reads in them is not all that they do.
  const familiar = /^(ba|da|a)?sh$/.test(site.program)
  if (given.has('c') && first !== undefined) {
    site.script(first)
    return understood && familiar && !given.has('i')
  }
  if (first === undefined && site.input !== undefined) {
    site.script(site.input)
    return understood && familiar && !given.has('c')
  }
  site.findings.code({ type: 'Program', id: site.program, ancestors: [] }, site.span, true)
  const script = site.args.some(({ text }) => text === '-s') ? undefined : first
  if (isUnseenScript(script, site)) site.findings.opaque(site.program, site.span, ['unseen'])
  if (first !== undefined) applyRole('read', first, site)
  return false
}

/** What a shell or an interpreter is given to run is text that nobody sees beforehand: `curl … | sh`, `sh < file`. */
export function isUnseenScript(script: Argument | undefined, site: CommandSite): boolean {
  if (script === undefined || /^(-|\/dev\/(stdin|fd\/0)|\/proc\/self\/fd\/0)$/.test(script.text))
    return site.input === undefined ? !site.printed : site.input.unseen === true
  return script.unseen === true || site.findings.isFetched(script, site.cwd)
}

/** `source file`, `. file`: commands that are not here, in this very shell. */
export const source: ProgramReader = (site) => {
  const [file] = site.args
  if (file === undefined || isUnseenScript(file, site))
    site.findings.opaque(site.program, site.span, ['unseen'])
  if (file !== undefined) applyRole('read', file, site)
  return false
}

/** `busybox rm`, `toybox ls`: many programs in one. */
export const multicall: ProgramReader = (site) => {
  const [first] = site.args
  if (first === undefined || first.text.startsWith('-')) return false
  site.start(site.args)
  return true
}

/** `command`, `builtin`, `exec`: the same program without functions; `command -v` only asks. */
export const sameProgram: ProgramReader = (site) => {
  const [first] = site.args
  if (first === undefined) return true
  if (/^-[vV]+$/.test(first.text)) return true
  if (first.text.startsWith('-') && first.text !== '--') {
    site.start([unknownArguments(first.span), ...site.args.slice(1)])
    return false
  }
  site.start(first.text === '--' ? site.args.slice(1) : site.args)
  return true
}
