import type { Json, JsonObject } from '../../../../core/json.ts'
import type { ForgeInput } from '../../../forge/forge-act.ts'
import {
  forgeApi,
  readForgeRequest,
  type ForgeKind,
  type ForgeRequest,
} from '../../../forge/forge-request.ts'
import { currentBranch } from '../../../repository/refs.ts'
import { repositoryAt } from '../../../repository/repository-at.ts'
import { applyRole } from '../../apply-spec.ts'
import type { Argument } from '../../argument.ts'
import type { CommandSite } from '../../command-site.ts'
import { readOptions, type ReadOptions } from '../../read-options.ts'
import type { ProgramSpec } from '../../spec.ts'
import { forgesOf, usualHost, workspaceRepository } from './forge-repository.ts'

const API: ProgramSpec = {
  flags: 'i',
  long: 'include paginate slurp silent verbose',
  values: {
    plain: 'X method f raw-field F field H header q jq t template p preview cache hostname output form',
    read: 'input',
  },
  rest: 'plain',
}

/** `gh api` and `glab api`: a request as any other, to the forge that one is signed in to. */
export function apiCommand(kind: ForgeKind, site: CommandSite): boolean {
  const read = readOptions(API, site.args)
  const [endpoint, ...more] = read.positional
  let clear = read.understood && more.length === 0
  for (const { role, argument, option } of read.values) {
    if (!applyRole(role, argument, site)) clear = false
    // A field may be the content of a file.
    const file = /^(F|field)$/.test(option) ? /^[^=]*=@(.+)/.exec(argument.text)?.[1] : undefined
    if (file !== undefined && file !== '-') applyRole('read', { ...argument, text: file }, site)
  }
  if (endpoint === undefined) return clear
  const written = endpoint.kind === 'literal' ? filled(endpoint.text, kind, site) : undefined
  const host = optionOf(read, 'hostname')?.text ?? workspaceHost(kind, site)
  if (written === undefined) {
    sayRequest({ kind, host, method: 'POST', path: '?', body: undefined }, site)
    return false
  }
  const url = /^https?:/i.test(written) ? forgeApi(written) : undefined
  if (/^https?:/i.test(written) && url === undefined) {
    site.findings.host(endpoint, 'net.send')
    return false
  }
  const path = (url?.path ?? written).replace(/[?#].*$/, '').replace(/^\/+/, '')
  const method = methodOf(read)
  sayRequest({ kind, host, ...url, method: method ?? 'POST', path, body: bodyOf(read, site) }, site)
  return clear && method !== undefined
}

function methodOf(read: ReadOptions): string | undefined {
  const said = optionOf(read, 'X', 'method')
  if (said !== undefined) return said.kind === 'literal' ? said.text.toUpperCase() : undefined
  const body = read.values.some(({ option }) => /^(f|raw-field|F|field|input|form)$/.test(option))
  return body ? 'POST' : 'GET'
}

function optionOf({ values }: ReadOptions, ...names: readonly string[]): Argument | undefined {
  return values.findLast(({ option }) => names.includes(option))?.argument
}

function workspaceHost(kind: ForgeKind, site: CommandSite): string {
  return workspaceRepository(kind, site).host || usualHost(kind)
}

/** With `{owner}`, `{repo}`, `{branch}` and GitLab’s `:id` as the folder’s repository has them. */
function filled(text: string, kind: ForgeKind, site: CommandSite): string | undefined {
  const marked =
    kind === 'github'
      ? /\{(owner|repo|branch)\}|:(owner|repo|branch)\b/g
      : /:(fullpath|id|repo|group|namespace|branch|user|username)\b/g
  if (!marked.test(text)) return text
  const { repository } = workspaceRepository(kind, site)
  if (repository === undefined || !repository.id.includes('/') || repository.id.startsWith('/'))
    return undefined
  const parts = repository.id.split('/')
  const owner = parts.slice(0, -1).join('/')
  const { local } = repositoryAt(site.cwd, site.findings.context)
  const branch = local === undefined ? undefined : currentBranch(site.findings.context.fs, local)
  const values: Readonly<Record<string, string | undefined>> = {
    owner,
    repo: parts.at(-1),
    branch,
    fullpath: encodeURIComponent(repository.id),
    id: encodeURIComponent(repository.id),
  }
  let known = true
  const result = text.replaceAll(marked, (_, braced?: string, colon?: string) => {
    const value = values[braced ?? colon ?? '']
    if (value === undefined) known = false
    return value ?? ''
  })
  return known ? result : undefined
}

/** The fields as the body that they become. */
function bodyOf(read: ReadOptions, site: CommandSite): ForgeInput {
  const input = optionOf(read, 'input')
  if (input !== undefined) {
    return input.text === '-' && site.input?.kind === 'literal' ? parseBody(site.input.text) : undefined
  }
  const body: Record<string, Json> = {}
  for (const { option, argument } of read.values) {
    if (!/^(f|raw-field|F|field|form)$/.test(option)) continue
    const equals = argument.text.indexOf('=')
    if (argument.kind !== 'literal' || equals < 1) return undefined
    const [name, value] = [argument.text.slice(0, equals), argument.text.slice(equals + 1)]
    // Members and lists, whose whole nobody here puts together.
    if (name.includes('[')) continue
    const typed = /^(F|field)$/.test(option)
    if (typed && value.startsWith('@')) return undefined
    body[name] = typed && /^(true|false|null|-?\d{1,15})$/.test(value) ? (JSON.parse(value) as Json) : value
  }
  return body
}

/** JSON, or the fields of a form; `undefined` = neither. */
export function parseBody(text: string): ForgeInput {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    if (!/^[^={}[\]"\s]+=/.test(text)) return undefined
    return Object.fromEntries(new URLSearchParams(text))
  }
}

/** What a request to a forge does, beside reaching it. */
export function sayRequest(request: ForgeRequest, site: CommandSite): void {
  for (const { action, resource, labels, opaque } of readForgeRequest(request, forgesOf(site))) {
    site.findings.add(action, resource, { span: site.span, labels, opaque })
  }
}
