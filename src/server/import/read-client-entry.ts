import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { type Draft, Findings, found, type ImportOptions, keyOf } from './draft.ts'
import { hideValues, refuseHidden } from './hide-values.ts'
import { unpinnedPackage } from './pinned-package.ts'

const READ: ReadonlySet<string> = new Set([
  'command',
  'args',
  'env',
  'cwd',
  'type',
  'transport',
  'url',
  'httpUrl',
  'serverUrl',
  'headers',
  'disabled',
])
/** Words for the program that they were written for. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'alwaysAllow',
  'autoApprove',
  'enabledTools',
  'disabledTools',
  'includeTools',
  'excludeTools',
  'tools',
  'timeout',
  'trust',
  'description',
  'icon',
  'gallery',
  'version',
  'dev',
  'oauth',
  // Codex
  'enabled_tools',
  'disabled_tools',
  'startup_timeout_sec',
  'startup_timeout_ms',
  'tool_timeout_sec',
  'required',
  'default_tools_approval_mode',
  'supports_parallel_tool_calls',
  'scopes',
  'oauth_resource',
])
const HTTP: ReadonlySet<string> = new Set(['http', 'streamable-http', 'streamableHttp', 'streamable_http'])

/** One server of `mcpServers`, or of the `servers` of VS Code. */
export function readClientEntry(
  from: string,
  entry: Json,
  { allowUnpinned, scanner, hidden }: ImportOptions & { readonly scanner: SecretScanner },
): Draft {
  const key = keyOf(from)
  const findings = new Findings()
  const hiding = { key, scanner, findings, hidden }
  const raw = isJsonObject(entry) ? entry : {}
  if (!isJsonObject(entry)) findings.problems.push('is no object')
  reportFields(raw, findings)
  const url = textOf(raw, ['url', 'httpUrl', 'serverUrl'])
  const command = textOf(raw, ['command'])
  checkTransport(raw, { url, command }, findings)
  const args = textsOf(raw, 'args', findings)
  const [env, headers] = [recordOf(raw, 'env', findings), recordOf(raw, 'headers', findings)]
  const cwd = textOf(raw, ['cwd'])
  refuseHidden(hiding, 'args', args)
  for (const [field, text] of Object.entries({ command, url, cwd })) {
    if (text !== undefined) refuseHidden(hiding, field, [text])
  }
  const loose = command === undefined ? undefined : unpinnedPackage(command, args)
  if (loose !== undefined) {
    const text = `\`${loose}\` names no exact version: what runs may be another program tomorrow`
    if (allowUnpinned) findings.notes.push(text)
    else findings.problems.push(`${text}; write the version, or give --allow-unpinned`)
  }
  const server =
    command === undefined
      ? { url, ...member('headers', hideValues(hiding, 'headers', headers)) }
      : {
          command,
          ...(args.length === 0 ? {} : { args }),
          ...member('env', hideValues(hiding, 'env', env)),
          ...(cwd === undefined ? {} : { cwd }),
        }
  return { from, key, server, ...found(findings) }
}

function reportFields(raw: JsonObject, { notes, problems }: Findings): void {
  for (const field of Object.keys(raw)) {
    if (READ.has(field)) continue
    if (LEFT_OUT.has(field))
      notes.push(`\`${field}\` is left out: it is for the program that it was written for`)
    else problems.push(`\`${field}\` is not understood`)
  }
  if (raw['disabled'] === true) problems.push('is switched off there')
}

function checkTransport(
  raw: JsonObject,
  { url, command }: { readonly url: string | undefined; readonly command: string | undefined },
  { problems }: Findings,
): void {
  const type = textOf(raw, ['type', 'transport'])
  if (type === 'sse') {
    problems.push(
      'speaks the SSE transport of 2024-11-05 only, which Remit does not; ask for its Streamable HTTP endpoint',
    )
  } else if (type !== undefined && type !== 'stdio' && !HTTP.has(type)) {
    problems.push(`the transport \`${type}\` is not spoken here`)
  }
  if ((url === undefined) === (command === undefined)) problems.push('must have `command` or `url`')
}

function textOf(raw: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = raw[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}

function textsOf(raw: JsonObject, name: string, { problems }: Findings): readonly string[] {
  const value = raw[name] ?? []
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
  problems.push(`\`${name}\` must be a list of texts`)
  return []
}

function recordOf(raw: JsonObject, name: string, { problems }: Findings): Readonly<Record<string, string>> {
  const value = raw[name] ?? {}
  const entries = isJsonObject(value) ? Object.entries(value) : undefined
  if (entries?.every(([, text]) => ['string', 'number', 'boolean'].includes(typeof text)) === true) {
    return Object.fromEntries(entries.map(([key, text]) => [key, `${text as string | number | boolean}`]))
  }
  problems.push(`\`${name}\` must be an object of texts`)
  return {}
}

function member(name: string, values: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.keys(values).length === 0 ? {} : { [name]: values }
}
