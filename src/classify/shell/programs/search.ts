import type { Operation } from '../../../core/operation.ts'
import { literalArgument, unknownArguments, wordAround, type Argument } from '../argument.ts'
import type { CommandSite, ProgramReader } from '../command-site.ts'
import { readOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'

/** Tests and actions of GNU and BSD find that look and print; the number of words that each takes. */
const PLAIN: ReadonlyMap<string, number> = new Map([
  ...[
    '-print',
    '-print0',
    '-ls',
    '-prune',
    '-quit',
    '-not',
    '!',
    '-a',
    '-and',
    '-o',
    '-or',
    '(',
    ')',
    ',',
  ].map((name) => [name, 0] as const),
  ...['-empty', '-depth', '-d', '-xdev', '-mount', '-follow', '-true', '-false', '-daystart', '-nouser'].map(
    (name) => [name, 0] as const,
  ),
  ...['-noleaf', '-nogroup', '-readable', '-writable', '-executable', '-noignore_readdir_race'].map(
    (name) => [name, 0] as const,
  ),
  ...[
    '-name',
    '-iname',
    '-path',
    '-ipath',
    '-wholename',
    '-iwholename',
    '-regex',
    '-iregex',
    '-regextype',
  ].map((name) => [name, 1] as const),
  ...['-type', '-xtype', '-size', '-mtime', '-atime', '-ctime', '-mmin', '-amin', '-cmin', '-maxdepth'].map(
    (name) => [name, 1] as const,
  ),
  ...['-mindepth', '-perm', '-user', '-group', '-uid', '-gid', '-links', '-inum', '-lname', '-ilname'].map(
    (name) => [name, 1] as const,
  ),
  ...['-newermt', '-newerct', '-newerat', '-printf', '-fstype', '-used'].map((name) => [name, 1] as const),
])
const FILES: ReadonlySet<string> = new Set(['-newer', '-anewer', '-cnewer', '-samefile'])

/** `find`: lists, and does to each find what it is told to. */
export const find: ProgramReader = (site) => {
  const { args, findings, cwd, span } = site
  let at = 0
  while (/^-[HLP]$/.test(args[at]?.text ?? '')) at += 1
  const roots: Argument[] = []
  for (; at < args.length; at += 1) {
    const argument = args[at]
    if (argument === undefined || (argument.kind === 'literal' && /^[-(!,]/.test(argument.text))) break
    roots.push(argument)
  }
  if (roots.length === 0) roots.push(literalArgument('.', span))
  const places = roots.filter(({ kind }) => kind !== 'dynamic')
  for (const root of roots) findings.path(root, ['file.list'], { cwd, directory: true })
  let clear = places.length === roots.length
  for (; at < args.length; at += 1) {
    const word = args[at]
    if (word === undefined || word.kind !== 'literal') return false
    const values = PLAIN.get(word.text)
    if (values !== undefined) {
      // A value that becomes several words brings what else it likes.
      const given = args.slice(at + 1, at + 1 + values)
      if (given.some((value) => becomesMore(value, site))) return false
      at += values
    } else if (FILES.has(word.text)) {
      at += 1
      const file = args[at]
      if (file !== undefined) findings.path(file, ['file.list'], { cwd })
    } else if (word.text === '-delete') {
      for (const root of roots) findings.path(root, ['file.delete'], { cwd, directory: true })
    } else if (/^-(exec|ok)(dir)?$/.test(word.text)) {
      const end = args.findIndex(
        ({ text }, index) => index > at && (text === ';' || (text === '+' && args[index - 1]?.text === '{}')),
      )
      if (end === -1) return false
      const before = findings.operations.length
      if (!forEach(args.slice(at + 1, end), roots, site)) clear = false
      else if (reads(findings.operations.slice(before))) {
        for (const root of roots)
          findings.path(root, ['file.read'], { cwd, below: 'all', matching: namesOf(args) })
      }
      at = end
    } else if (/^-f(print0?|ls|printf)$/.test(word.text)) {
      at += 1
      const file = args[at]
      if (file !== undefined) findings.path(file, ['file.write'], { cwd })
      if (word.text === '-fprintf') at += 1
    } else return false
  }
  return clear
}

function becomesMore(value: Argument, { findings, cwd }: CommandSite): boolean {
  return value.kind === 'glob' ? findings.findsOption(value, cwd) : value.splits
}

function reads(operations: readonly Operation[]): boolean {
  return operations.some(({ action }) => action === 'file.read' || action === 'file.move')
}

/** The names that `find` looks for, when there is only that to it. */
function namesOf(args: readonly Argument[]): RegExp | undefined {
  if (args.some(({ text }) => /^(-o|-or|!|-not|,)$/.test(text))) return undefined
  const pattern = args.find((_, at) => /^-i?name$/.test(args[at - 1]?.text ?? ''))
  if (pattern?.kind !== 'literal' || !/^[\w.*-]+$/.test(pattern.text) || pattern.text.split('*').length > 4)
    return undefined
  return new RegExp(`^${pattern.text.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'is')
}

/** What is run for what is found below some folders: the folders stand for it. */
function forEach(words: readonly Argument[], roots: readonly Argument[], site: CommandSite): boolean {
  const simple = words.every(
    ({ text, kind }) => kind === 'literal' && (text === '{}' || !text.includes('{}')),
  )
  const shell = /^(.*\/)?(env|(ba|z|da)?sh|xargs|sudo|python3?|node|perl|ruby)$/.test(words[0]?.text ?? '')
  if (!simple || shell) {
    site.start(words.map((word) => (word.text.includes('{}') ? named(word, '{}') : word)))
    return false
  }
  for (const root of roots) site.start(words.map((word) => (word.text === '{}' ? folderOf(root) : word)))
  return true
}

/** A name that begins with a dash cannot come from `find`, which puts the folder before it. */
function folderOf(root: Argument): Argument {
  return { ...root, text: /^[-/~.]/.test(root.text) ? root.text : `./${root.text}` }
}

const XARGS: ProgramSpec = {
  flags: 'r0tpxo',
  long: 'no-run-if-empty null verbose exit open-tty',
  values: {
    plain: 'n L P d s E I max-args max-lines? max-procs delimiter max-chars eof replace',
    read: 'a arg-file',
  },
  leading: true,
  rest: 'plain',
}

/** `xargs`: another command, with arguments from somewhere. */
export const xargs: ProgramReader = (site) => {
  const { positional, values, understood } = readOptions(XARGS, site.args)
  for (const { role, argument } of values) {
    if (role === 'read') site.findings.path(argument, ['file.read'], { cwd: site.cwd })
  }
  if (positional.length === 0) return understood
  const mark = values.find(({ option }) => option === 'I' || option === 'replace')?.argument.text
  const words = positional.map((word) =>
    mark !== undefined && mark !== '' && word.text.includes(mark) ? named(word, mark) : word,
  )
  site.start(mark === undefined ? [...words, unknownArguments(site.span)] : words)
  return understood
}

/** A word in which names come in the place of a mark. */
function named({ text, span }: Argument, mark: string): Argument {
  return text === mark ? unknownArguments(span) : wordAround(span)
}
