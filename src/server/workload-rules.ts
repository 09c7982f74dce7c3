import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import { IssuerKeys } from '../identity/issuer-keys.ts'
import type { WorkloadRule } from '../identity/workload-rule.ts'
import { guardedFetch, type GuardedFetchOptions } from '../net/guarded-fetch.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import type { WorkloadConfig } from './config-workload-schema.ts'
import type { LoadedConfig } from './load-config.ts'

export interface WorkloadRuleOptions {
  /** Base URL of the agent plane: what a token must be for unless the configuration says otherwise. */
  readonly agentUrl: string
  readonly ownPorts: () => ReadonlySet<number>
  readonly now: () => number
}

/** The workloads of a configuration, in its order; those whose keys come from where they came from before keep them. */
export function workloadRules(
  { config, folder }: Pick<LoadedConfig, 'config' | 'folder'>,
  options: WorkloadRuleOptions,
  before?: { readonly config: LoadedConfig['config']; readonly rules: readonly WorkloadRule[] },
): readonly WorkloadRule[] {
  return Object.entries(config.workloads).map(([name, workload]) => {
    const known = before?.rules.find((rule) => rule.name === name)
    const old = before?.config.workloads[name]
    const same =
      known !== undefined && old !== undefined && isDeepStrictEqual(sourceOf(old), sourceOf(workload))
    const keys = same ? known.keys : makeKeys(name, workload, { ...options, folder })
    return ruleOf(name, workload, { keys, forges: config.forges, agentUrl: options.agentUrl })
  })
}

function ruleOf(
  name: string,
  workload: WorkloadConfig,
  {
    keys,
    forges,
    agentUrl,
  }: { readonly keys: IssuerKeys; readonly forges: readonly string[]; readonly agentUrl: string },
): WorkloadRule {
  const { kind, issuer, trustDomain, human, lifetime, agents, audience, ownRepository } = workload
  const { algorithms, maxAge, where, workflow, environment, scope, endsWithToken, tasksPerToken } = workload
  const ofForge = kind === 'github' || kind === 'gitlab'
  return {
    name,
    kind,
    keys,
    audiences: audience ?? [agentUrl, `${agentUrl}/mcp`],
    algorithms,
    maxAge,
    where,
    workflow,
    environment,
    scope: Object.fromEntries(Object.entries(scope).filter(([, patterns]) => patterns !== undefined)),
    endsWithToken,
    tasksPerToken,
    ...(issuer === undefined ? {} : { issuer }),
    ...(trustDomain === undefined ? {} : { trustDomain }),
    ...(human === undefined
      ? {}
      : { human: { claim: human.claim, map: new Map(Object.entries(human.map) as [string, HumanId][]) } }),
    ...(ofForge && ownRepository ? { ownRepository: repositoryPrefix(issuer ?? '', forges) } : {}),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(agents === undefined ? {} : { agents }),
  }
}

const ACTIONS_HOST = 'token.actions.githubusercontent.com'

/** What stands before `owner/name` in the names of repositories of this forge: nothing for those in `forges`. */
function repositoryPrefix(issuer: string, forges: readonly string[]): string {
  const { host } = new URL(issuer)
  const forge = host === ACTIONS_HOST ? 'github.com' : host
  return forges.includes(forge) ? '' : `${forge}/`
}

/** What the keys depend on. */
function sourceOf({ kind, issuer, jwks, jwksUri, jwksFile, allowPrivate }: WorkloadConfig): unknown {
  return { kind, issuer, jwks, jwksUri, jwksFile, allowPrivate }
}

function makeKeys(
  name: string,
  { kind, issuer, jwks, jwksUri, jwksFile, allowPrivate }: WorkloadConfig,
  { folder, ownPorts, now }: WorkloadRuleOptions & { readonly folder: string },
): IssuerKeys {
  const guard = { allowPrivate, ownPorts }
  const load = async (): Promise<unknown> => {
    if (jwks !== undefined) return jwks
    if (jwksFile !== undefined) return readKeys(resolve(folder, jwksFile))
    return fetchJson(jwksUri ?? (await discoverKeys(issuer ?? '', guard)), guard)
  }
  return new IssuerKeys({ kind, name: `workloads.${name}`, load, now })
}

async function readKeys(path: string): Promise<unknown> {
  try {
    return parseStrictJson(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new RemitError('upstream_unavailable', `the keys in \`${path}\` cannot be read`, { cause })
  }
}

/** OpenID Connect Discovery §4: of that very issuer, and nobody who speaks in its name. */
async function discoverKeys(issuer: string, guard: GuardedFetchOptions): Promise<string> {
  const metadata = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, guard)
  const { issuer: named, jwks_uri: uri } = metadata as {
    readonly issuer?: unknown
    readonly jwks_uri?: unknown
  }
  if (named !== issuer) throw unusable(issuer, 'its metadata are of another issuer')
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw unusable(issuer, 'its metadata name no `jwks_uri`')
  return uri
}

async function fetchJson(url: string, guard: GuardedFetchOptions): Promise<unknown> {
  const response = await guardedFetch(url, { method: 'GET', headers: { accept: 'application/json' } }, guard)
  if (response.status !== 200) throw unusable(url, `it answered ${response.status}`)
  try {
    return parseStrictJson(decodeUtf8Strict(new Uint8Array(await response.arrayBuffer()))) ?? {}
  } catch (cause) {
    throw new RemitError('upstream_unavailable', `\`${new URL(url).origin}\` answered with no JSON`, {
      cause,
    })
  }
}

function unusable(url: string, why: string): RemitError {
  return new RemitError(
    'upstream_unavailable',
    `the keys of \`${new URL(url).origin}\` could not be had: ${why}`,
  )
}
