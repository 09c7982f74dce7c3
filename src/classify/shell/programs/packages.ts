import type { Action } from '../../../core/actions.ts'
import type { Resource } from '../../../core/resource.ts'
import { applyRole } from '../apply-spec.ts'
import type { Argument } from '../argument.ts'
import type { CommandSite, ProgramReader } from '../command-site.ts'
import type { Span } from '../findings.ts'
import { repositoryAt } from '../../repository/repository-at.ts'
import { readOptions, type ReadOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'
import { PACKAGE_MANAGERS, type PackageManager, type PackageVerb } from './package-managers.ts'

/** Reads a command of a package manager: what it installs, from where, and whose code it runs. */
export function packageManager(manager: PackageManager): ProgramReader {
  const verbs = verbsOf(manager)
  const spec = specOf(manager)
  const groups = new Set(manager.groups?.split(' '))
  return (site) => {
    const [verbs1, rest] = splitVerb(site.args, groups, manager)
    const verb = verbs1 === undefined ? manager.alone : (verbs.get(verbs1.text) ?? manager.others)
    if (verb === undefined || (verbs1 !== undefined && verbs1.kind !== 'literal')) return false
    // Scripts and programs have arguments of their own.
    const ends = verb === 'script' || verb === 'run' || verb === 'build' || verb === 'inside'
    const own = ends ? ownArguments(rest, verb === 'build' || manager === PACKAGE_MANAGERS['npm']) : rest
    const read = readOptions(spec, own)
    const clear = readElsewhere(manager, read, site)
    const named =
      verbs.get(verbs1?.text ?? '') === undefined && verbs1 !== undefined
        ? [verbs1, ...read.positional]
        : read.positional
    return (
      readVerb(verb, { manager, read, site, named, verb: verbs1?.text ?? '' }) && clear && read.understood
    )
  }
}

function verbsOf({ verbs }: PackageManager): ReadonlyMap<string, PackageVerb> {
  const entries = Object.entries(verbs) as [PackageVerb, string][]
  return new Map(entries.flatMap(([verb, names]) => names.split(' ').map((name) => [name, verb] as const)))
}

function specOf(manager: PackageManager): ProgramSpec {
  return {
    flags: manager.flags ?? '',
    long: manager.long ?? '',
    values: {
      plain: [manager.plain, manager.files, manager.folder].filter(Boolean).join(' ') || 'help-topic',
      ...(manager.elsewhere === undefined ? {} : { no: manager.elsewhere }),
    },
    ...(manager.registry === 'go' ? { oneDash: true as const } : {}),
    rest: 'plain',
  }
}

function splitVerb(
  args: readonly Argument[],
  groups: ReadonlySet<string>,
  manager: PackageManager,
): readonly [Argument | undefined, readonly Argument[]] {
  const values = new Set([manager.plain, manager.folder, manager.elsewhere].join(' ').split(' '))
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at]
    if (argument === undefined) break
    const { text, kind } = argument
    if (kind === 'literal' && text.startsWith('-') && !/^(-v|-V|--version)$/.test(text)) {
      if (!text.includes('=') && values.has(text.replace(/^--?/, ''))) at += 1
      continue
    }
    if (groups.has(text)) continue
    return [argument, [...args.slice(0, at), ...args.slice(at + 1)].filter((word) => !groups.has(word.text))]
  }
  return [undefined, args]
}

/** What stands before `--` is the manager's; options after the script's name may be either's. */
function ownArguments(args: readonly Argument[], throughout: boolean): readonly Argument[] {
  const end = args.findIndex(({ text }) => text === '--')
  const before = end === -1 ? args : args.slice(0, end)
  if (throughout && end === -1) return before
  const name = before.findIndex(({ text }) => !text.startsWith('-'))
  if (name !== -1) return throughout ? before : before.slice(0, name + 1)
  // `npm exec -- program`
  return end === -1 ? before : [...before, ...args.slice(end + 1, end + 2)]
}

/** Another registry, index, shell or configuration. False = what is installed comes from elsewhere. */
function readElsewhere(manager: PackageManager, read: ReadOptions, site: CommandSite): boolean {
  let clear = true
  const elsewhere = new Set(manager.elsewhere?.split(' '))
  const folders = new Set(manager.folder?.split(' '))
  const files = new Set(manager.files?.split(' '))
  for (const { option, argument } of read.values) {
    if (elsewhere.has(option)) {
      clear = false
      if (/:\/\//.test(argument.text)) site.findings.host(argument, 'net.connect')
    } else if (folders.has(option)) {
      applyRole('list', argument, site)
      if (argument.text !== '.') clear = false
    } else if (files.has(option) && !applyRole('read', argument, site)) clear = false
  }
  return clear
}

interface PackageCall {
  readonly manager: PackageManager
  readonly read: ReadOptions
  readonly site: CommandSite
  readonly named: readonly Argument[]
  readonly verb: string
}

type Say = (
  action: Action,
  resource: Resource,
  more?: { readonly opaque?: boolean; readonly span?: Span },
) => void

function readVerb(verb: PackageVerb, call: PackageCall): boolean {
  const { manager, site, named } = call
  const { findings, span } = site
  const repository = repositoryAt(site.cwd, findings.context)
  const say: Say = (action, resource, { opaque = false, span: at = span } = {}) =>
    findings.add(action, resource, {
      span: at,
      labels: repository.labels,
      opaque: opaque || repository.opaque,
    })
  const registry: Resource = { type: 'Registry', id: manager.registry, ancestors: [] }
  switch (verb) {
    case 'lock':
    case 'install':
    case 'add':
      return installs(verb, call, say)
    case 'remove':
      for (const each of named) say('package.remove', packageNamed(manager, each.text), { span: each.span })
      if (named.length === 0) say('package.remove', registry)
      return named.every(({ kind }) => kind === 'literal')
    case 'publish':
      say('package.publish', repository.resource)
      return true
    case 'script':
      // A script of the project's own manifest is code of the repository, not of a package.
      say('code.execute', repository.resource)
      return true
    case 'inside': {
      const words = afterVerb(call)
      say('code.execute', repository.resource)
      if (words.length > 0) site.start(words)
      return words.length > 0
    }
    case 'build':
      say('code.execute', repository.resource)
      return true
    case 'run':
      for (const each of named.slice(0, 1))
        say('package.add', packageNamed(manager, each.text), { span: each.span })
      say('package.script', registry, { opaque: true })
      return false
    case 'read':
      findings.add('file.list', { type: 'Directory', id: '.', ancestors: [] }, { span })
      return true
    case 'ask':
      // Which host that is, configuration says, and not only that of the repository.
      say('net.fetch', { type: 'Host', id: '?', ancestors: [] }, { opaque: true })
      return true
    case 'configure':
      return false
    default:
      return verb satisfies never
  }
}

/** The program and its arguments: what stands after the verb, the manager's own options left out. */
function afterVerb({ site, verb }: PackageCall): readonly Argument[] {
  const rest = site.args.slice(site.args.findIndex(({ text }) => text === verb) + 1)
  const start = rest.findIndex(({ text }) => !text.startsWith('-'))
  return start === -1 ? [] : rest.slice(start)
}

/** Exactly what the lock file says, what the manifest says, or what is named: three different things. */
function installs(verb: 'lock' | 'install' | 'add', call: PackageCall, say: Say): boolean {
  const { manager, read, named } = call
  const registry: Resource = { type: 'Registry', id: manager.registry, ancestors: [] }
  const frozen = verb === 'lock' || (manager.frozen?.split(' ').some((name) => read.given.has(name)) ?? false)
  if (verb !== 'lock' && (named.length > 0 || (verb === 'add' && !frozen))) return adds(call, say)
  say('package.install', registry)
  if (!read.given.has('ignore-scripts') && !read.given.has('no-scripts')) say('package.script', registry)
  if (!frozen) say('package.add', registry)
  return true
}

/** Names from the registry; a path, a URL or a repository is code from elsewhere. */
function adds({ manager, named, site, read }: PackageCall, say: Say): boolean {
  const registry: Resource = { type: 'Registry', id: manager.registry, ancestors: [] }
  let clear = true
  for (const argument of named) {
    const { text, span, kind } = argument
    const plain = kind === 'literal' && NAME.test(text)
    say('package.add', packageNamed(manager, plain ? text : '?'), { opaque: !plain, span })
    if (plain) continue
    clear = false
    if (text.includes('://')) site.findings.host(argument, 'net.connect')
  }
  if (named.length === 0) say('package.add', registry)
  if (!read.given.has('ignore-scripts')) say('package.script', registry)
  return clear
}

const NAME = /^(@[\w.-]+\/)?\w[\w.-]*(\/[\w.-]+)*(\[[\w,-]+\])?([@=<>~!^]+[\w.*^~<>=-]*(,[<>=!~]+[\w.*]+)*)?$/

function packageNamed({ registry }: PackageManager, name: string): Resource {
  // Two managers may have packages of one name.
  return {
    type: 'Package',
    id: `${registry}/${name.slice(0, 200)}`,
    ancestors: [{ type: 'Registry', id: registry }],
  }
}

/** `npx`, `uvx`, `pipx run`: runs a program of a package, which is fetched when the project does not have it. */
export function packageRunner(registry: string): ProgramReader {
  return (site) => {
    const index = site.args.findIndex(({ text }) => !text.startsWith('-'))
    const program = site.args[index]
    if (program === undefined) return false
    const manager: PackageManager = { registry, verbs: {} }
    const resource = packageNamed(manager, program.kind === 'literal' ? program.text : '?')
    const local = site.args.slice(0, index).every(({ text }) => /^(--no|--no-install|--offline)$/.test(text))
    const { findings, span } = site
    const present = local && (index > 0 || isInstalled(program.text, site))
    if (!present) {
      findings.add('package.add', resource, { span })
      findings.add('package.script', resource, { span, opaque: true })
    }
    site.start(site.args.slice(index))
    return present
  }
}

function isInstalled(name: string, { findings, cwd }: CommandSite): boolean {
  const { fs, root, workspace } = findings.context
  const base = root ?? workspace
  if (fs === undefined || base === undefined || cwd === undefined || !/^[\w.-]+$/.test(name)) return false
  try {
    return fs.entry(`${base}/${cwd}/node_modules/.bin/${name}`) !== undefined
  } catch {
    return false
  }
}
