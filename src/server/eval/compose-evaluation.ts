import { resolve } from 'node:path'
import { AGENTS } from '../../classify/catalogue/agents.ts'
import { SHIPPED } from '../../classify/catalogue/shipped.ts'
import type { Classifier } from '../../classify/classify.ts'
import { createClassifier } from '../../classify/create-classifier.ts'
import type { SecretScanner } from '../../classify/secrets/secret-scanner.ts'
import { loadSqlParser } from '../../classify/sql/parser.ts'
import type { ServerDescription } from '../../classify/describe-tools.ts'
import { RemitError } from '../../core/errors.ts'
import type { ServerKey, TenantId } from '../../core/ids.ts'
import type { Human } from '../../core/identity.ts'
import { SILENT } from '../../core/log.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import { createNoCredentials } from '../../credentials/no-credentials.ts'
import type { AdministrationDeps } from '../../gate/administration-deps.ts'
import type { Administration } from '../../gate/administration.ts'
import { createAdministration } from '../../gate/create-administration.ts'
import { createGate } from '../../gate/create-gate.ts'
import { GateEvents } from '../../gate/gate-events.ts'
import type { Gate } from '../../gate/gate.ts'
import { PinBoard, type PinBoardDeps } from '../../gate/pins/pin-board.ts'
import { directoryOf } from '../../identity/human-directory.ts'
import { loadPolicySet, type PolicyLocations } from '../../policy/load-policy-set.ts'
import { describedApplications } from '../described-applications.ts'
import { controlPaths } from '../control-paths.ts'
import { createScanner } from '../create-scanner.ts'
import { serverSettings } from '../describe-upstreams.ts'
import { GitChangedPaths } from '../git-changed-paths.ts'
import { parseAddress } from '../listen-address.ts'
import type { ConfigLocation, LoadedConfig } from '../load-config.ts'
import { policyLocations } from '../policy-locations.ts'
import { resolveHumans } from '../resolve-humans.ts'
import { stateOf } from '../state-of.ts'
import { loadSelected } from '../tenants/select-tenant.ts'
import { sha256, SYSTEM_CLOCK, SYSTEM_ENTROPY } from '../system-clock.ts'
import { workflowTemplates } from '../workflow-templates.ts'
import { DeclaredTools, evaluationTrust } from './declared-tools.ts'
import { EvaluationStore } from './evaluation-store.ts'
import { Meter } from './meter.ts'
import { SettableClock } from './settable-clock.ts'
import { StreamPeople } from './stream-people.ts'

export interface EvaluationOptions extends ConfigLocation {
  /** Folder of policies to use instead of the configured ones. */
  readonly policies?: string | undefined
  /** Folder that relative paths of the stream mean. */
  readonly workspace?: string | undefined
  /** Folder where parsed policies are kept between runs; absent = they are parsed each time. */
  readonly policyCache?: string
  /** Take the first definition of a declared tool as reviewed. */
  readonly trustNew: boolean
}

/** Where recorded work lay when nobody says: a folder that need not exist, so that every machine decides alike. */
const RECORDED_WORKSPACE = '/workspace'

/** The gate of production over nothing that lasts: its parts, as the lines of a stream need them. */
export interface Evaluation {
  readonly gate: Gate
  readonly administration: Administration
  readonly deps: AdministrationDeps
  readonly people: StreamPeople
  readonly store: EvaluationStore
  readonly clock: SettableClock
  readonly meter: Meter
  readonly tools: DeclaredTools
  readonly workspace: string
  readonly defaultHuman: Human
  readonly defaultWorkflow: string
  /** Where paths in a server's arguments mean something. */
  readonly fileSystemOf: (server: string) => Pick<ToolCall, 'fileSystem' | 'root'>
}

function firstOf(humans: readonly Human[]): Human {
  const [first] = humans
  if (first !== undefined) return first
  throw new RemitError('config_invalid', 'the configuration names no human')
}

function noProofs(): never {
  throw new RemitError('proof_invalid', 'there are no tokens here')
}

/** @throws RemitError `config_invalid`, `policy_invalid`, `policy_engine_failed`. */
export async function composeEvaluation(options: EvaluationOptions): Promise<Evaluation> {
  // The first line is decided like every other.
  await loadSqlParser()
  const loaded = loadSelected(options)
  const { config } = loaded
  const store = new EvaluationStore()
  const scanner = createScanner()
  const clock = new SettableClock(SYSTEM_CLOCK.now())
  const meter = new Meter()
  const servers = describedServers(loaded)
  const set = meter.policies(await loadPolicySet(locationsOf(options, loaded)))
  const humans = resolveHumans(config)
  const people = new StreamPeople(directoryOf(humans), config.humans.length > 0 ? humans : [])
  const settings = settingsOf(config)
  const board = pinBoard(options, { settings, store, clock })
  const tools = new DeclaredTools(
    board,
    (server) => options.trustNew || servers.has(server) || AGENTS.has(server),
  )
  const deps: AdministrationDeps = {
    settings,
    verifier: { verify: () => Promise.reject(new RemitError('token_invalid', 'there are no tokens here')) },
    proofs: { check: noProofs },
    ...store.parts,
    reviews: board,
    humans: people,
    replayed: true,
    policies: { current: () => set },
    classifier: meter.classifier(classifierOf(loaded, { servers, scanner })),
    scanner,
    credentials: createNoCredentials(),
    pins: tools,
    clock,
    entropy: SYSTEM_ENTROPY,
    sha256,
    events: new GateEvents(),
    observer: { decided: () => {}, settled: () => {} },
    log: SILENT,
    workflows: workflowTemplates(config),
    mintToken: () => Promise.reject(new RemitError('token_invalid', 'there are no tokens here')),
    mcpUrl: 'http://localhost/mcp',
  }
  return {
    gate: createGate(deps),
    administration: createAdministration(deps),
    deps,
    people,
    store,
    clock,
    meter,
    tools,
    workspace: options.workspace === undefined ? RECORDED_WORKSPACE : resolve(options.cwd, options.workspace),
    defaultHuman: firstOf(humans),
    defaultWorkflow: Object.keys(config.workflows)[0] ?? 'code',
    fileSystemOf: fileSystemsOf(loaded),
  }
}

function fileSystemsOf({ config, folder }: LoadedConfig): Evaluation['fileSystemOf'] {
  return (server) => {
    const configured = Object.hasOwn(config.servers, server) ? config.servers[server] : undefined
    return configured === undefined ? { fileSystem: 'shared' } : serverSettings(configured, folder)
  }
}

function settingsOf(config: LoadedConfig['config']): AdministrationDeps['settings'] {
  return {
    tenant: config.tenant as TenantId,
    adminUrl: 'http://localhost',
    consentLifetime: config.consent.expires,
    protection: 'advisory',
  }
}

function pinBoard(
  { trustNew }: EvaluationOptions,
  parts: Pick<PinBoardDeps, 'settings' | 'clock'> & { readonly store: EvaluationStore },
): PinBoard {
  const trust = evaluationTrust(trustNew)
  const { store, ...rest } = parts
  const deps = {
    ...rest,
    store: store.pins,
    journal: store.journal,
    entropy: SYSTEM_ENTROPY,
    trustOf: () => trust,
    changed: () => {},
    log: SILENT,
  }
  return new PinBoard(deps, [])
}

/** The configured servers, and each entry of the catalogue under its own name where no server has that. */
function describedServers({ config }: LoadedConfig): ReadonlyMap<ServerKey, ServerDescription> {
  const servers = new Map<ServerKey, ServerDescription>()
  for (const catalogue of SHIPPED.keys()) servers.set(catalogue as ServerKey, { catalogue })
  for (const [key, { catalogue, tools }] of Object.entries(config.servers)) {
    servers.set(key as ServerKey, { catalogue, tools })
  }
  servers.set(...describedApplications(config))
  return servers
}

function locationsOf(
  { policies, policyCache, cwd }: EvaluationOptions,
  loaded: LoadedConfig,
): PolicyLocations {
  const { cacheDir: _, ...configured } = policyLocations(loaded, '')
  return {
    ...configured,
    ...(policies === undefined ? {} : { folders: [resolve(cwd, policies)] }),
    ...(policyCache === undefined ? {} : { cacheDir: policyCache }),
  }
}

/** What would be Remit's own if a gateway ran on this configuration. */
function controlOf(loaded: LoadedConfig): ReturnType<typeof controlPaths> {
  const { agent, admin } = loaded.config.listen
  const port = (text: string): { readonly port: number } => ({ port: parseAddress(text)?.port ?? 0 })
  return controlPaths({
    state: stateOf(loaded),
    loaded,
    planes: { agent: port(agent), admin: port(admin) },
    demo: false,
  })
}

function classifierOf(
  loaded: LoadedConfig,
  { servers, scanner }: { servers: ReadonlyMap<ServerKey, ServerDescription>; scanner: SecretScanner },
): Classifier {
  return createClassifier({
    servers,
    control: controlOf(loaded),
    agents: 'shipped',
    forges: new Set(loaded.config.forges),
    labels: loaded.config.labels,
    scanner,
    changedPaths: new GitChangedPaths(),
  })
}
