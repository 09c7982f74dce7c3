import type { Action } from '../../../core/actions.ts'
import type { Label } from '../../../core/labels.ts'
import type { ResourceType } from '../../../core/resource.ts'
import { applyRole } from '../apply-spec.ts'
import type { Argument } from '../argument.ts'
import type { CommandSite, ProgramReader } from '../command-site.ts'
import { repositoryAt } from '../../repository/repository-at.ts'
import { scanText } from '../scan-text.ts'

/** One kind of infrastructure tool: words of its command line ▸ what they do. The first row that matches counts. */
export interface InfraTool {
  readonly rows: readonly (readonly [pattern: RegExp, ...actions: Action[]])[]
  /** Options that name the cluster, project, account or context. */
  readonly target?: RegExp
  /** Runs on this machine, so that no target means this machine and not production. */
  readonly local?: true
  /** Commands that touch no target, or none but what the files of the folder name. */
  readonly offline?: RegExp
  /** Options that load programs or settings, or files. */
  readonly risky?: RegExp
  readonly resource?: ResourceType
}

const MAX_WORDS = 6
// Not `help`: some show it in a pager, which runs what is typed.
const ASKS = /^(--?version|--?help|-h|version)$/
const PRODUCTION = /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i

/** Reads a command of an infrastructure tool by its verbs. */
export function infraTool(name: string, tool: InfraTool): ProgramReader {
  return (site) => {
    const { args, findings, span } = site
    if (args.length === 1 && args[0]?.kind === 'literal' && ASKS.test(args[0].text)) return true
    const words = args
      .filter(
        ({ text, kind }, at) => kind !== 'dynamic' && !text.startsWith('-') && !isValue(args[at - 1], tool),
      )
      .map(({ text }) => text)
    const line = words.slice(0, MAX_WORDS).join(' ')
    const row = tool.rows.find(([pattern]) => pattern.test(line))
    const target = targetOf(args, tool)
    const labels: Label[] = []
    const unknown = target === undefined && tool.local !== true && tool.offline?.test(line) !== true
    if (unknown || args.some(({ text }) => PRODUCTION.test(text))) labels.push('production')
    const opaque = args.some(({ kind }) => kind === 'dynamic') || row === undefined
    for (const action of (row?.slice(1) as Action[] | undefined) ?? ['infra.execute' as const]) {
      findings.add(action, resourceOf(action, { name, target, line, site }), { span, labels, opaque })
    }
    filesOf(args, site)
    const risky = args.some(({ text }) => tool.risky?.test(text) === true)
    return !opaque && !risky
  }
}

/** Stands after an option that takes a word. */
function isValue(before: Argument | undefined, { target }: InfraTool): boolean {
  if (before === undefined || before.text.includes('=')) return false
  return (
    target?.test(before.text) === true ||
    /^(-n|--namespace|-o|--output|-l|--selector|--region|--format|-L|--limit)$/.test(before.text)
  )
}

function targetOf(args: readonly Argument[], { target }: InfraTool): string | undefined {
  if (target === undefined) return undefined
  for (const [at, { text }] of args.entries()) {
    if (!target.test(text)) continue
    const value = text.includes('=') ? text.slice(text.indexOf('=') + 1) : args[at + 1]?.text
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

function resourceOf(
  action: Action,
  about: {
    readonly name: string
    readonly target: string | undefined
    readonly line: string
    readonly site: CommandSite
  },
): Parameters<CommandSite['findings']['add']>[1] {
  const { name, target, line, site } = about
  const family = action.split('.')[0]
  if (/^(pr|issue|repo|ci|release|git)$/.test(family ?? ''))
    return repositoryAt(site.cwd, site.findings.context).resource
  const cluster = { type: 'Cluster', id: `${name}:${target ?? 'default'}` } as const
  if (family === 'secret') return { type: 'Secret', id: `${name}/${line}`.slice(0, 200), ancestors: [] }
  if (family === 'data') return { type: 'Collection', id: `${name}/${line}`.slice(0, 200), ancestors: [] }
  if (family === 'sql') return { type: 'Database', id: `${name}/${target ?? '?'}`, ancestors: [] }
  if (family === 'account') return { type: 'Account', id: `${name}:${target ?? 'default'}`, ancestors: [] }
  if (family === 'agent') return { type: 'Server', id: name, ancestors: [] }
  if (family === 'code' || family === 'shell') return { type: 'Program', id: name, ancestors: [] }
  if (family === 'package')
    return {
      type: 'Package',
      id: `${name}/${line.split(' ')[1] ?? '?'}`,
      ancestors: [{ type: 'Registry', id: name }],
    }
  return { type: 'InfraObject', id: `${name}/${line}`.slice(0, 200), ancestors: [cluster] }
}

/** Files among the options: manifests, bodies, key files. */
function filesOf(args: readonly Argument[], site: CommandSite): void {
  for (const [at, { text }] of args.entries()) {
    if (/^(-f|--filename|--file|--body-file|-F|--values|--var-file|--from-file|--env-file)$/.test(text)) {
      const file = args[at + 1]
      if (file !== undefined && file.kind === 'literal' && file.text !== '-') applyRole('read', file, site)
    } else if (args[at]?.kind === 'literal') scanText(args[at] ?? { text: '', span: site.span }, site)
  }
}
