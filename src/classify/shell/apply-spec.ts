import type { Action } from '../../core/actions.ts'
import { literalArgument, type Argument } from './argument.ts'
import type { CommandSite } from './command-site.ts'
import { repositoryAt } from '../repository/repository-at.ts'
import { readOptions, type ReadArgument } from './read-options.ts'
import { scanText } from './scan-text.ts'
import type { ProgramSpec, Role } from './spec.ts'

/** Reads a command by the description of its program. False = something in it is not described. */
export function applySpec(spec: ProgramSpec, site: CommandSite): boolean {
  const { given, values, positional, understood } = readOptions(spec, site.args)
  const deep = spec.deep?.split(' ').some((name) => given.has(name)) ?? false
  let clear = understood && !(spec.inert === true && positional.some(breaksOut))
  const placed = assignRoles(spec, positional, given)
  if (placed.length < (spec.least ?? 0) || placed.length > (spec.most ?? Infinity)) clear = false
  const hidden = spec.hidden?.split(' ').some((name) => given.has(name)) ?? true
  const shown: RoleSite = hidden ? site : { ...site, visibleOnly: true }
  for (const { role, argument } of [...values, ...placed]) {
    if (!applyRole(deepened(role, deep), argument, shown)) clear = false
  }
  const alone = spec.alone ?? (deep && spec.rest === 'read' ? 'tree' : undefined)
  // Told to go through folders, a program leaves its input alone.
  const readsInput = site.piped && spec.alone === 'tree'
  if (alone !== undefined && !readsInput && placed.every(({ role }) => role === 'plain')) {
    if (!applyRole(deepened(alone, deep), literalArgument('.', site.span), shown)) clear = false
  }
  if (spec.runs === true) {
    const { resource, labels, opaque } = repositoryAt(site.cwd, site.findings.context)
    site.findings.add('code.execute', resource, { span: site.span, labels, opaque })
  }
  return clear
}

/** Text made to end a quotation and start a command, wherever it is pasted next. */
function breaksOut({ text }: Argument): boolean {
  return /["'`]\s*(?:[;&|]|\$\()/.test(text)
}

function assignRoles(
  spec: ProgramSpec,
  positional: readonly Argument[],
  given: ReadonlySet<string>,
): readonly ReadArgument[] {
  const skip = spec.instead?.split(' ').some((name) => given.has(name)) ?? false
  const first = skip ? (spec.first ?? []).slice(1) : (spec.first ?? [])
  const rest = spec.rest ?? 'no'
  return positional.map((argument, at) => {
    const isLast = at === positional.length - 1 && at >= first.length
    const role = isLast && spec.last !== undefined ? spec.last : (first[at] ?? rest)
    const plus = spec.plus === true && argument.text.startsWith('+')
    return { argument, role: plus ? 'plain' : role }
  })
}

function deepened(role: Role, deep: boolean): Role {
  if (!deep) return role
  return role === 'read' ? 'tree' : role === 'delete' ? 'delete-tree' : role
}

const PATHS: Partial<Record<Role, readonly Action[]>> = {
  read: ['file.read'],
  tree: ['file.read'],
  list: ['file.list'],
  write: ['file.write'],
  create: ['file.write'],
  folder: ['file.write'],
  alias: ['file.read', 'file.write'],
  delete: ['file.delete'],
  'delete-tree': ['file.delete'],
  move: ['file.move', 'file.read'],
  mode: ['file.permission'],
}

interface RoleSite extends CommandSite {
  /** Reading all below leaves out names that begin with a dot. */
  readonly visibleOnly?: boolean
}

/** Says what is done to one argument. False = what it would be is not understood. */
export function applyRole(role: Role, argument: Argument, site: RoleSite): boolean {
  const { findings, cwd } = site
  const actions = PATHS[role]
  if (actions !== undefined) {
    if (argument.text === '-' && argument.kind === 'literal') return true
    const directory = role === 'folder' || role === 'delete-tree' || /(^|\/)\.{0,2}$/.test(argument.text)
    findings.path(argument, actions, {
      cwd,
      directory,
      below: role !== 'tree' ? undefined : site.visibleOnly === true ? 'visible' : 'all',
    })
    return argument.kind !== 'dynamic'
  }
  if (role === 'plain') return !findings.findsOption(argument, cwd)
  if (role === 'fetch' || role === 'send' || role === 'connect') {
    findings.host(argument, `net.${role}`)
    return argument.kind === 'literal'
  }
  if (role === 'name') return argument.kind === 'literal' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(argument.text)
  if (role === 'command') {
    site.script(argument)
    return true
  }
  if (role === 'run') findings.path(argument, ['file.read'], { cwd })
  if (role === 'code') scanText(argument, site)
  return false
}
