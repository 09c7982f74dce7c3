import { applyRole, applySpec } from '../apply-spec.ts'
import type { Argument } from '../argument.ts'
import type { ProgramReader } from '../command-site.ts'
import { readOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'

const SED: ProgramSpec = {
  flags: 'nErsuz',
  long: 'quiet silent regexp-extended separate unbuffered null-data posix sandbox debug',
  values: { plain: 'e expression i? in-place? l', no: 'f file' },
  first: ['plain'],
  instead: 'e expression',
  rest: 'read',
}

/**
 * Scripts of sed that only print, delete or substitute. Every command is spelled out, since `e`, `w`, `r` and the flags
 * `e` and `w` of `s` run programs and touch files.
 */
const BRACKETS = String.raw`\[\^?\]?(?:\[:[a-z]+:\]|[^\]\n[])*\]`
const ADDRESS = String.raw`(?:\d+(?:~\d+)?|\$|\/(?:[^/\\\n[]|\\.|${BRACKETS})*\/I?)`
const SUBSTITUTE = ['/', '|', '#', ',', '@', ':', '!', '_', '%', '~', '+'].map((mark) => {
  const quoted = mark.replace(/[|+]/g, '\\$&')
  // A mark inside brackets ends nothing; what takes its place knows no brackets.
  const pattern = `(?:[^${quoted}\\\\\\n[]|\\\\[^\\n]|${BRACKETS})*`
  const body = `(?:[^${quoted}\\\\\\n]|\\\\[^\\n])*`
  return `s${quoted}${pattern}${quoted}${body}${quoted}[gpiI0-9]*`
})
const COMMAND = `(?:${SUBSTITUTE.join('|')}|[pdqQ=DNnGgHhxPlbt]\\d*|y/(?:[^/\\\\\\n]|\\\\.)*/(?:[^/\\\\\\n]|\\\\.)*/|[aic]\\\\?[ \\t]?[^\\n;{}]*)`
const SCRIPT = new RegExp(
  `^\\s*(?:(?:${ADDRESS}(?:\\s*,\\s*(?:${ADDRESS}|[+~]\\d+))?)?\\s*!?\\s*\\{?\\s*${COMMAND}\\s*\\}?\\s*(?:[;\\n]\\s*|$))*\\}?$`,
)
const MAX_SCRIPT = 400

export const sed: ProgramReader = (site) => {
  const { positional, values, given, understood } = readOptions(SED, site.args)
  const inPlace = given.has('i') || given.has('in-place')
  const backup = values.find(({ option }) => option === 'i' || option === 'in-place')?.argument.text ?? ''
  // BSD’s `-i ''` takes a word of its own.
  const suffix = inPlace && positional[0]?.text === '' ? 1 : 0
  const named = values
    .filter(({ option }) => option === 'e' || option === 'expression')
    .map((value) => value.argument)
  const scripts = named.length > 0 ? named : positional.slice(suffix, suffix + 1)
  const files = named.length > 0 ? positional.slice(suffix) : positional.slice(suffix + 1)
  // A suffix with a star or a slash is a path of its own.
  let clear = understood && !/[*/]/.test(backup) && scripts.length > 0
  for (const file of files) {
    if (!applyRole('read', file, site)) clear = false
    if (inPlace && !applyRole('write', file, site)) clear = false
  }
  return clear && scripts.every(({ kind, text }) => kind === 'literal' && isTame(text))
}

function isTame(script: string): boolean {
  return script.length <= MAX_SCRIPT && SCRIPT.test(script)
}

const AWK: ProgramSpec = {
  flags: '',
  values: { plain: 'F field-separator v assign', no: 'f file l load i include e source E exec' },
  first: ['plain'],
  rest: 'read',
}

/** Programs that write, pipe, run or read elsewhere have one of these; comparing with `>` is not told apart. */
const AWK_ACTS =
  /system|getline|[|>@]|\bprintf?\s*\(?[^}]*>|close|fflush|ARGV|ENVIRON|PROCINFO|SYMTAB|FUNCTAB|include|load|\\/

export const awk: ProgramReader = (site) => {
  const { positional, understood } = readOptions(AWK, site.args)
  const [program] = positional
  let clear = understood && program !== undefined
  for (const file of positional.slice(1)) {
    // `name=value` sets a variable.
    if (/^[A-Za-z_]\w*=/.test(file.text) && file.kind === 'literal') continue
    if (!applyRole('read', file, site)) clear = false
  }
  if (program?.kind !== 'literal') return false
  return clear && !AWK_ACTS.test(withoutComparisons(program.text))
}

/** `$3 > 5` before an action is a test; after `print` it would be a file. */
function withoutComparisons(text: string): string {
  return /print/.test(text)
    ? text.replace(/\|\|/g, '').replace(/^[^{]*\{/, (test) => test.replace(/>=?\s*\d/g, ''))
    : text.replace(/>=?\s*[\d$"]|\|\|/g, '')
}

const PRINTF: ProgramSpec = { rest: 'plain', inert: true }

/** Prints; with `-v` it sets a variable, and a subscript there runs what it says. */
export const printf: ProgramReader = (site) => {
  const [first] = site.args
  const plain = first?.kind === 'literal' && !first.text.startsWith('-v')
  return plain && applySpec(PRINTF, site)
}

const LOOKS = /^-([aefhdrswxLSpbcgkuOGN]|ef|nt|ot)$/
const COMPARES = /^(==?|!=|<|>|-(eq|ne|lt|le|gt|ge|ef|nt|ot|n|z|t|o))$/
/** `[ … ]`: looks whether files are there. */
export const bracket: ProgramReader = (site) => {
  const words = site.program === '[' ? site.args.slice(0, -1) : site.args
  let clear = true
  for (const [at, argument] of words.entries()) {
    const before = words[at - 1]
    const { text, kind } = argument
    if (text === '-v' || text === '-R') return false
    if (kind === 'literal') {
      if (before !== undefined && LOOKS.test(before.text))
        site.findings.path(argument, ['file.list'], { cwd: site.cwd })
      continue
    }
    // What nobody knows could be `-v`, which runs the subscript after it.
    const beside = COMPARES.test(words[at + 1]?.text ?? '') || isOperator(before) || words.length === 1
    if (argument.splits || !beside) clear = false
  }
  return clear
}

function isOperator(word: Argument | undefined): boolean {
  return word?.kind === 'literal' && (LOOKS.test(word.text) || COMPARES.test(word.text))
}

const JQ: ProgramSpec = {
  flags: 'CMSacejnrsR',
  long: 'raw-output join-output compact-output null-input exit-status slurp raw-input sort-keys tab color-output monochrome-output ascii-output seq stream',
  values: { plain: 'indent' },
  first: ['plain'],
  rest: 'read',
}

/** `jq`: programs that look at the environment, at modules or at other files are not understood. */
export const jq: ProgramReader = (site) => {
  const clear = applySpec(JQ, site)
  const [program] = readOptions(JQ, site.args).positional
  return (
    clear &&
    !/\b(env|include|import|input_filename|get_search_list|modulemeta|ltrimstr_file|halt_error|\$__)\b|\$ENV|@sh/.test(
      program?.text ?? '',
    )
  )
}

/** A page of the manual; a file would be typeset. */
export const man: ProgramReader = ({ args }) =>
  args.length > 0 &&
  args.every(({ text, kind }) => kind === 'literal' && /^(-[fkaw]+|\d|[A-Za-z0-9][\w.:+-]*)$/.test(text))
