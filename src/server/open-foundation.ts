import { scrubbedJournal } from '../audit/scrubbed-journal.ts'
import type { TenantId } from '../core/ids.ts'
import type { UpstreamOptions } from '../mcp/upstream-pool.ts'
import { KnownCovers } from '../gate/covers/known-covers.ts'
import { recoverOutcomes } from '../gate/recover-outcomes.ts'
import { observingEngine } from '../policy/observe-policies.ts'
import { PolicyArchive } from '../policy/policy-archive.ts'
import { type PolicyEngine, startPolicyEngine } from '../policy/policy-engine.ts'
import type { LedgerStore } from '../store/store.ts'
import { ActorAuthenticator } from './authenticate-actor.ts'
import { recordRestored } from './backup/backup-records.ts'
import type { Cleanup } from './cleanup.ts'
import type { ComposeOptions } from './compose.ts'
import { type Keys, loadKeys } from './keys.ts'
import type { KeyFiles } from './custody/key-files.ts'
import { openKeyFiles } from './custody/open-key-files.ts'
import { createLifecycleRecorder, type RecordLifecycle } from './lifecycle-records.ts'
import { LiveDirectory } from './live-directory.ts'
import { LiveServers, type ServerSet } from './live-servers.ts'
import { type LoadedConfig, rereadConfig } from './load-config.ts'
import { loadLocalCredential } from './local-credential.ts'
import { NOBODY, type Neighbours, neighboursIn } from './tenants/neighbours.ts'
import { Metrics } from './metrics.ts'
import { ObserveSetting } from './observe-setting.ts'
import type { Channel } from '../notify/channel.ts'
import { notifyingJournal } from '../notify/notifying-journal.ts'
import { openChannels } from './open-channels.ts'
import { openCouriers } from './run-exports.ts'
import type { LedgerCourier } from '../streams/ledger-courier.ts'
import { openSigningKeys } from './open-signing-keys.ts'
import { openPlanes, type Planes } from './open-planes.ts'
import { packageVersion } from './package-version.ts'
import { policyLocations } from './policy-locations.ts'
import { protectionReport } from './protection.ts'
import { resumePolicies } from './resume-policies.ts'
import { stateOf } from './state-of.ts'
import { createLaunchers } from './sandbox/create-launchers.ts'
import { type SecretPlaces, resolveWhatIsThere } from './secrets.ts'
import { createLearner } from './learn-values.ts'
import { openTokens, type Tokens } from './open-tokens.ts'
import { openStore, type OwnPlace } from './open-store.ts'
import { openLogin } from './open-login.ts'
import { openVault } from './open-vault.ts'
import type { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import type { Login } from '../login/login.ts'
import type { SecretVault } from '../credentials/secret-vault.ts'
import type { SigningKeys } from './signing-keys.ts'
import { setUpApprovers } from './set-up-approvers.ts'
import { makeStateFolder, type StateFolder } from './state-folder.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'
import { sharePlanes } from './tenants/shared-planes.ts'
import { tenantStore } from './tenants/tenant-store.ts'

/** Everything that is opened before there is a gate. */
/** With a log that is told no secret. */
export interface QuietOptions extends ComposeOptions {
  /** Knows every secret that the gateway has or had. */
  readonly scrubber: SecretScrubber
}

/** What the tenants of an installation share; each sees its own part of it. */
export interface SharedByTenants {
  readonly keyFiles: KeyFiles
  readonly planes: Planes
  readonly store: LedgerStore
}

export interface Foundation extends Omit<QuietOptions, 'reread' | 'shared'>, Tokens {
  readonly neighbours: Neighbours
  readonly state: StateFolder
  readonly keys: Keys
  /** Those that sign tokens now: they are changed while the gateway runs. */
  readonly tokenKeys: SigningKeys
  readonly servers: LiveServers
  /** The encrypted store, opened. */
  readonly vault: SecretVault
  readonly secretPlaces: SecretPlaces
  /** The configuration as its file says it now. @throws RemitError `config_invalid`. */
  readonly reread: () => LoadedConfig
  /** People, workflows and workloads, as the configuration file has them now. */
  readonly directory: LiveDirectory
  /** Who is away, and who agrees for whom. */
  readonly covers: KnownCovers
  readonly tenant: TenantId
  /** Where people are told of requests for consent. */
  readonly channels: readonly Channel[]
  /** Bring the ledger to the places that the configuration names. */
  readonly couriers: readonly LedgerCourier[]
  readonly policies: PolicyEngine
  readonly observe: ObserveSetting
  readonly planes: Planes
  readonly store: LedgerStore
  /** What tenants get of planes and store; absent where there is none beside this one. */
  readonly sharing: ((tenant: string) => SharedByTenants) | undefined
  readonly actors: ActorAuthenticator
  readonly login: Login
  readonly metrics: Metrics
  readonly record: RecordLifecycle
  readonly newApprover: { readonly human: string; readonly code: string } | undefined
  /** Calls of before a crash whose outcome is now on record as unknown. */
  readonly recovered: number
}

const CLOCKS = { clock: SYSTEM_CLOCK, entropy: SYSTEM_ENTROPY }

/** @throws RemitError as `composeGateway`. */
export async function openFoundation(options: QuietOptions, cleanup: Cleanup): Promise<Foundation> {
  const { loaded, environ } = options
  const { config } = loaded
  const tenant = config.tenant as TenantId
  const own = await openOwnPlace(options)
  const { state, keys, keyFiles } = own
  const holdLoosening = config.loosening === 'second-person'
  const loadedPolicies = await startPolicyEngine(policyLocations(loaded, state.policyCache), {
    archive: new PolicyArchive(state.policyArchive),
    holdLoosening,
  })
  const observe = new ObserveSetting(config.observe, holdLoosening)
  const policies = observingEngine(loadedPolicies, () => observe.rules)
  const { planes, sharing, ...shared } = await openShared(options, own, cleanup)
  const quiet = { ...shared.store, journal: scrubbedJournal(shared.store.journal, options.scrubber) }
  await recordRestored(state.root, tenant, quiet.journal)
  const { vault, secretPlaces, secrets } = await openSecrets(options, {
    state,
    keyFiles,
    store: quiet,
    tenant,
  })
  const neighbours = options.neighbours ?? (sharing === undefined ? NOBODY : neighboursIn(loaded))
  const launcherOf = createLaunchers({ ...options, state, neighbours })
  const acting = openTokens(vault, planes, () => servers.inForce)
  const directory = openDirectory(loaded, planes, acting)
  const channels = openChannels({ ...options, ...acting, planes, secretPlaces, directory, store: quiet })
  const store = { ...quiet, journal: notifyingJournal(quiet.journal, channels, CLOCKS) }
  const upstreams = upstreamOptions(acting, options)
  const servers = new LiveServers({ loaded, secrets }, upstreams, launcherOf)
  cleanup.add('upstreams', () => servers.close())
  await resumePolicies({ policies, observe, records: store.records, tenant })
  const { actors, printOnce } = await openActors(options, state, directory)
  const covers = await openCovers(tenant, store, directory)
  const opened = { tenant, store, directory, covers, keys, planes, vault, secretPlaces }
  const metrics = openMetrics(cleanup)
  const recovered = await recoverOutcomes({ ...store, clock: SYSTEM_CLOCK }, tenant)
  const { level: protection } = protectionReport()
  return {
    ...options,
    ...acting,
    ...opened,
    state,
    servers,
    reread: options.reread ?? (() => rereadConfig(loaded, environ)),
    neighbours,
    channels,
    couriers: openCouriers({ ...options, ...acting, ...opened }),
    policies,
    observe,
    sharing,
    actors,
    login: await openLogin({ ...options, ...acting, ...opened }, actors),
    metrics,
    recovered,
    tokenKeys: openSigningKeys({ vault, keys, keyFiles, folder: state.keys, config }),
    newApprover: printOnce,
    record: createLifecycleRecorder({ journal: store.journal, tenant, protection, ...CLOCKS }),
  }
}

function openMetrics(cleanup: Cleanup): Metrics {
  const metrics = new Metrics()
  cleanup.add('metrics', () => {
    metrics.close()
  })
  return metrics
}

async function openOwnPlace({ loaded, environ, shared }: QuietOptions): Promise<OwnPlace> {
  const state = makeStateFolder(stateOf(loaded))
  // A tenant’s environment does not have what the installation’s keeper asks for.
  const keyFiles = shared?.keyFiles ?? (await openKeyFiles(loaded, environ))
  return { state, keyFiles, keys: loadKeys(state.keys, keyFiles) }
}

interface SecretsPlace {
  readonly state: StateFolder
  readonly keyFiles: KeyFiles
  readonly store: LedgerStore
  readonly tenant: TenantId
}

async function openSecrets(
  { environ, scrubber, loaded, log }: QuietOptions,
  { state, keyFiles, store, tenant }: SecretsPlace,
): Promise<{ vault: SecretVault; secretPlaces: SecretPlaces; secrets: ServerSet['secrets'] }> {
  const learned = createLearner(scrubber)
  const vault = await openVault({ tenant, store, keys: state.keys, keyFiles, environ, learned })
  const secretPlaces = { vault, folder: state.secrets, environ }
  const secrets = resolveWhatIsThere(loaded, secretPlaces)
  for (const [server, { unusable }] of Object.entries(secrets)) {
    if (unusable !== undefined) log.log('error', 'server.unusable', { server, message: unusable })
  }
  return { vault, secretPlaces, secrets }
}

function openDirectory(loaded: LoadedConfig, { urls }: Planes, { ownPorts }: Tokens): LiveDirectory {
  return new LiveDirectory(loaded, { agentUrl: urls.agent, ownPorts, now: () => SYSTEM_CLOCK.now() })
}

async function openCovers(
  tenant: TenantId,
  store: LedgerStore,
  directory: LiveDirectory,
): Promise<KnownCovers> {
  const covers = new KnownCovers({ tenant, store: store.logins, clock: SYSTEM_CLOCK })
  directory.follow(covers)
  await covers.catchUp()
  return covers
}

function upstreamOptions({ tokens, ownPorts }: Tokens, { log, scrubber }: QuietOptions): UpstreamOptions {
  const client = { name: 'remit', version: packageVersion() }
  return { client, log, scrub: scrubber, tokens, entropy: SYSTEM_ENTROPY, guard: { ownPorts } }
}

/** Ports and store: those of the installation, which this one opens, or which it was given as one of its tenants. */
async function openShared(
  { loaded, log, shared }: QuietOptions,
  place: OwnPlace,
  cleanup: Cleanup,
): Promise<Pick<Foundation, 'planes' | 'store' | 'sharing'>> {
  if (shared !== undefined) {
    const { planes } = shared
    cleanup.add('ports', async () => {
      await Promise.all([planes.agent.close(0), planes.admin.close(0)])
    })
    return { ...shared, sharing: undefined }
  }
  const planes = await openPlanes(loaded)
  cleanup.add('ports', async () => {
    await Promise.all([planes.agent.close(0), planes.admin.close(0)])
  })
  const store = await openStore({ loaded, log }, place)
  cleanup.add('store', () => store.close())
  if (Object.keys(loaded.config.tenants).length === 0) return { planes, store, sharing: undefined }
  const parts = sharePlanes(planes, loaded)
  return {
    planes: parts.own,
    store: tenantStore(store, loaded.config.tenant),
    sharing: (tenant) => ({
      keyFiles: place.keyFiles,
      planes: parts.of(tenant),
      store: tenantStore(store, tenant),
    }),
  }
}

/** After the store, whose lock says that no other gateway uses these files. */
async function openActors({ environ }: ComposeOptions, state: StateFolder, directory: LiveDirectory) {
  const { hashes, known, printOnce } = await setUpApprovers(
    state.approvers,
    directory.humans,
    environ['REMIT_APPROVER'],
  )
  const actors = new ActorAuthenticator({
    localCredential: loadLocalCredential(state.localCredential),
    approvers: hashes,
    known,
    humans: directory.humans,
    clock: SYSTEM_CLOCK,
  })
  return { actors, printOnce }
}
