import { applySpec } from '../apply-spec.ts'
import { literalArgument, type Argument } from '../argument.ts'
import type { ProgramReader } from '../command-site.ts'
import { readAssignment, showEnvironment } from '../environment.ts'
import { programNamed } from '../findings.ts'
import { readOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'

const KILL: ProgramSpec = { flags: 'l', values: { plain: 's n' }, rest: 'plain' }

/** Signals to processes, by number or by name. */
export const kill: ProgramReader = (site) => {
  const words = site.args.filter(({ text }) => !/^-(\d{1,2}|[A-Z]+[A-Z0-9]*)$/.test(text))
  const everything = site.args.some(({ text }, at) => at > 0 && /^-\d+$/.test(text))
  const { positional, understood } = readOptions(KILL, words)
  for (const { text, span, kind } of positional) {
    const id = kind === 'literal' ? text : '?'
    site.findings.add(
      'process.signal',
      { type: 'Process', id, ancestors: [] },
      { span, opaque: kind !== 'literal' },
    )
  }
  return understood && !everything && positional.length > 0
}

export const killByName: ProgramReader = (site) => {
  const { span } = site
  const names = site.args.filter(({ text }) => !text.startsWith('-'))
  for (const { text } of names)
    site.findings.add('process.signal', programNamed(text), { span, opaque: true })
  return false
}

/** `export A=b`, `local a`, `declare -x PATH=…`: variables, which programs read; without a name all are shown. */
export const declare: ProgramReader = (site) => {
  const exporting = site.program === 'export' || site.args.some(({ text }) => /^-\w*x/.test(text))
  const names = site.args.filter(({ text }) => !text.startsWith('-'))
  const flags = site.args.filter(({ text }) => text.startsWith('-'))
  if (names.length === 0 && !flags.some(({ text }) => /^-\w*[fF]/.test(text))) showEnvironment(site)
  if (
    names.length === 0 ||
    flags.some(({ text, kind }) => kind !== 'literal' || !/^-[xrga]+$|^-A$/.test(text))
  )
    return false
  for (const word of names) {
    const { name, value } = readAssignment(word)
    if (!/^[A-Za-z_]\w*$/.test(name) || (word.kind !== 'literal' && !word.text.includes('='))) return false
    if (exporting) site.exportVariable(name, value)
    else site.assignVariable(name, value)
  }
  return true
}

/** `set -euo pipefail`; alone it shows every variable, with `--` it sets arguments. */
export const set: ProgramReader = (site) => {
  const { args } = site
  if (args.length === 0) showEnvironment(site)
  return (
    args.length > 0 &&
    args.every(
      ({ text, kind }, at) =>
        kind === 'literal' &&
        (/^[-+][efhmnuvxCEo]+$/.test(text) ||
          (/^[-+]\w*o$/.test(args[at - 1]?.text ?? '') &&
            /^(pipefail|errexit|nounset|xtrace|noclobber)$/.test(text))),
    )
  )
}

/** `dd if=… of=…`. */
export const dd: ProgramReader = (site) => {
  const roles: Readonly<Record<string, 'read' | 'write' | 'plain'>> = { if: 'read', of: 'write' }
  return site.args
    .map((argument: Argument) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(argument.text) ?? []
      if (argument.kind !== 'literal' || name === '') return false
      if (roles[name] === 'read')
        site.findings.path(literalArgument(value, argument.span), ['file.read'], { cwd: site.cwd })
      if (roles[name] === 'write')
        site.findings.path(literalArgument(value, argument.span), ['file.write'], { cwd: site.cwd })
      return /^(if|of|bs|count|skip|seek|status|conv|iflag|oflag|ibs|obs)$/.test(name)
    })
    .every(Boolean)
}

const TAR: ProgramSpec = {
  flags: 'xctrujJzZvkOphmwWSlanA',
  long: 'extract create list append update gzip bzip2 xz zstd verbose keep-old-files to-stdout preserve-permissions auto-compress no-same-owner overwrite wildcards dereference',
  values: {
    plain: 'exclude strip-components transform? mtime owner group sort format H b L',
    read: 'T files-from X exclude-from',
    folder: 'C directory',
    list: 'f file',
    no: 'I use-compress-program to-command checkpoint-action info-script F rsh-command new-volume-script rmt-command',
  },
  rest: 'plain',
}

/** The old style leaves out the dash, and the values of its letters follow in their order: `tar cfC a.tar src .`. */
function fromOldStyle(letters: Argument, rest: readonly Argument[]): readonly Argument[] {
  const values = [...rest]
  const options = letters.text.split('').flatMap((letter) => {
    const option = { ...letters, text: `-${letter}` }
    const value = OLD_STYLE_VALUES.has(letter) ? values.shift() : undefined
    return value === undefined ? [option] : [option, value]
  })
  return [...options, ...values]
}
const OLD_STYLE_VALUES: ReadonlySet<string> = new Set('bCFfgHIKLNTVX')

/** `tar`: what an archive holds nobody here knows, so extracting one writes to the whole folder. */
export const tar: ProgramReader = (site) => {
  const [first, ...rest] = site.args
  if (first === undefined) return false
  const args =
    /^[A-Za-z]+$/.test(first.text) && first.kind === 'literal' ? fromOldStyle(first, rest) : site.args
  const { given, values, positional, understood } = readOptions(TAR, args)
  const has = (...names: string[]) => names.some((name) => given.has(name))
  const { findings, cwd, span } = site
  const archive = values.find(({ option }) => option === 'f' || option === 'file')?.argument
  const into = values.find(({ role }) => role === 'folder')?.argument
  const creates = has('c', 'create', 'r', 'append', 'u', 'update')
  if (archive !== undefined && archive.text !== '-') {
    if (/^[^/]+:/.test(archive.text)) findings.host(archive, 'net.connect')
    findings.path(archive, [creates ? 'file.write' : 'file.read'], { cwd })
  }
  const from =
    into?.kind === 'literal' && !/^[/~]/.test(into.text) && cwd !== undefined && cwd !== '.'
      ? `${cwd}/${into.text}`
      : (into?.text ?? cwd)
  const there = into === undefined || into.kind === 'literal' ? from : undefined
  if (creates) {
    for (const source of positional) findings.path(source, ['file.read'], { cwd: there, below: 'all' })
  } else if (has('x', 'extract')) {
    findings.path(into ?? literalArgument('.', span), ['file.write'], { cwd, directory: true })
    return false
  }
  if (values.some(({ role }) => role === 'read')) return false
  return understood && positional.every(({ kind }) => kind !== 'dynamic')
}

const CRONTAB: ProgramSpec = { flags: 'l', values: { no: 'u' } }
export const crontab: ProgramReader = (site) => applySpec(CRONTAB, site) && site.args.length === 1

const UNZIP: ProgramSpec = {
  flags: 'jloqntvpuZ',
  values: { plain: 'x', folder: 'd' },
  first: ['read'],
  rest: 'plain',
  least: 1,
}

/** `unzip`: listing and printing aside, what the archive holds is written, and nobody here knows what that is. */
export const unzip: ProgramReader = (site) => {
  const clear = applySpec(UNZIP, site)
  const { given } = readOptions(UNZIP, site.args)
  if (['l', 'p', 't', 'v', 'Z'].some((name) => given.has(name))) return clear
  if (!given.has('d'))
    site.findings.path(literalArgument('.', site.span), ['file.write'], { cwd: site.cwd, directory: true })
  return false
}
