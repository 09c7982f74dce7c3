import type { ServerKey } from '../core/ids.ts'
import type { SecretScanner } from '../classify/secrets/secret-scanner.ts'
import type { AdministrationDeps } from '../gate/administration-deps.ts'
import type { GateDeps } from '../gate/gate-deps.ts'
import { cancelUnanswerable } from '../gate/cancel-unanswerable.ts'
import { GateEvents } from '../gate/gate-events.ts'
import { createCredentialBroker } from '../credentials/credential-broker.ts'
import {
  createTokenVerifier,
  mintTaskToken,
  type TokenSigner,
  type TokenVerifier,
} from '../identity/task-token.ts'
import { PinBoard } from '../gate/pins/pin-board.ts'
import { TRUST } from '../gate/pins/trust.ts'
import { createStepUp } from '../login/step-up.ts'
import type { Cleanup } from './cleanup.ts'
import { createScanner, makeScannerKey } from './create-scanner.ts'
import { proofVerifier } from './compose-proofs.ts'
import { demoGuests } from './demo-approver.ts'
import { gatewayClassifier } from './gateway-classifier.ts'
import type { ServerSet } from './live-servers.ts'
import { createLargeBodies, type LargeBodies } from './large/large-bodies.ts'
import type { Foundation } from './open-foundation.ts'
import { openPresence } from './open-presence.ts'
import type { AgentPresence } from '../gate/fleet/agent-presence.ts'
import { ownSecrets } from './own-secrets.ts'
import { protectionReport } from './protection.ts'
import { type Bubblewrap, findBubblewrap } from './sandbox/find-bubblewrap.ts'
import { gatewayWorld } from './world/gateway-world.ts'
import { sha256, SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

const REMEMBERED_TOKENS = 10_000

/** The gate's ports and the administration's, over one foundation. */
export async function composeGateDeps(
  foundation: Foundation,
  cleanup: Cleanup,
): Promise<{
  readonly gate: GateDeps
  readonly large: LargeBodies
  readonly administration: AdministrationDeps
  readonly pins: PinBoard
  readonly presence: AgentPresence
}> {
  const { store, policies, directory, servers, log } = foundation
  const place = tokenPlace(foundation)
  const events = new GateEvents()
  const scannerKey = makeScannerKey()
  const scanner = createScanner(scannerKey)
  const large = createLargeBodies(scanner, scannerKey, { scrubber: foundation.scrubber })
  cleanup.add('threads for large messages', () => large.close())
  rememberSecrets(foundation, scanner)
  tellOfChanges({ policies, directory }, events)
  const settings = gateSettings(foundation)
  const board = await openPinBoard(foundation, settings, events)
  const presence = await openPresence(foundation, settings, cleanup)
  const gate: GateDeps = {
    settings,
    presence,
    verifier: tokenVerifier(foundation, place),
    proofs: proofVerifier(foundation),
    tasks: store.tasks,
    approvals: store.approvals,
    grants: store.grants,
    journal: store.journal,
    records: store.records,
    humans: directory.directory,
    covers: foundation.covers,
    ...(foundation.demo ? { guests: demoGuests } : {}),
    policies,
    ...workflowLimits(foundation),
    classifier: gatewayClassifier(foundation, { board, scanner }),
    scanner,
    world: gatewayWorld(servers, board),
    large,
    credentials: credentialBroker(foundation),
    pins: board,
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    sha256,
    events,
    observer: foundation.metrics,
    log,
  }
  tellOfApprovers(foundation, gate)
  const administration = administrationDeps(foundation, gate, board)
  return { gate, administration, large, pins: board, presence }
}

function administrationDeps(foundation: Foundation, gate: GateDeps, board: PinBoard): AdministrationDeps {
  const { store, directory } = foundation
  return {
    ...gate,
    workflows: directory.workflows,
    ...proofs(foundation),
    records: store.records,
    search: store.search,
    reviews: board,
    mintToken: ({ task, ancestors }) => mintTaskToken(task, ancestors, tokenSigner(foundation)),
    mcpUrl: tokenPlace(foundation).audience,
  }
}

function gateSettings({ tenant, planes, loaded }: Foundation): GateDeps['settings'] {
  return {
    tenant,
    adminUrl: planes.urls.admin,
    consentLifetime: loaded.config.consent.expires,
    longestDeputy: loaded.config.consent.deputies,
    protection: protectionReport().level,
  }
}

function workflowLimits({ directory }: Foundation): Required<Pick<GateDeps, 'loopLimits' | 'consentLimits'>> {
  return {
    loopLimits: (workflow) => directory.loopLimits(workflow),
    consentLimits: (workflow) => directory.consentLimits(workflow),
  }
}

/** Who listens for lists, and what is out, learns of other policies and other people. */
function tellOfChanges(
  { policies, directory }: Pick<Foundation, 'policies' | 'directory'>,
  events: GateEvents,
): void {
  policies.onChange(() => {
    events.listChanged()
  })
  directory.onChange(() => {
    events.listChanged()
    events.authorityEnded()
  })
}

/** How far a credential goes, and when a human is asked once more. */
function proofs({
  loaded,
  login,
  environ,
}: Foundation): Pick<AdministrationDeps, 'storedCredential' | 'stepUp' | 'noBoxes'> {
  let found: Bubblewrap | undefined
  return {
    storedCredential: loaded.config.storedCredential,
    stepUp: createStepUp(login),
    noBoxes: () => {
      found ??= findBubblewrap(environ['PATH'] ?? '')
      return 'missing' in found ? found.missing : undefined
    },
  }
}

/** Nothing waits for people who cannot answer any more. */
function tellOfApprovers({ policies, directory, covers, log }: Foundation, gate: GateDeps): void {
  const sweep = (): void => {
    cancelUnanswerable(gate).catch((error: unknown) => {
      log.log('warn', 'approvals.sweep', { error: error instanceof Error ? error.message : String(error) })
    })
  }
  policies.onChange(sweep)
  directory.onChange(sweep)
  covers.onChange(sweep)
}

function credentialBroker({ servers, tokens }: Foundation): GateDeps['credentials'] {
  return createCredentialBroker(
    (server) => {
      const transport = servers.upstreams.get(server as ServerKey)?.config.transport
      return transport?.kind === 'http' ? transport.credentials : undefined
    },
    { of: (server) => (servers.configOf(server)?.oauth === undefined ? undefined : tokens) },
  )
}

/** The gateway's own, of every list of servers that was ever in force. */
function rememberSecrets({ servers, scrubber }: Foundation, scanner: SecretScanner): void {
  const remember = (set: ServerSet): void => {
    for (const [value, name] of ownSecrets(set)) {
      scrubber.add(value, name)
      scanner.remember(value, `secret ${name}`)
    }
  }
  remember(servers.inForce)
  servers.follow((next) => () => {
    remember(next)
  })
}

async function openPinBoard(
  { store, servers, log }: Foundation,
  settings: GateDeps['settings'],
  events: GateEvents,
): Promise<PinBoard> {
  const deps = {
    settings,
    store: store.pins,
    journal: store.journal,
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    trustOf: (server: string) => TRUST[servers.configOf(server)?.trust ?? 'review'],
    changed: () => {
      events.listChanged()
    },
    log,
  }
  return new PinBoard(deps, await store.pins.list(settings.tenant))
}

function tokenVerifier({ tokenKeys }: Foundation, { issuer, audience }: TokenPlace): TokenVerifier {
  return createTokenVerifier({
    publicKeys: tokenKeys,
    issuer,
    audience,
    now: () => SYSTEM_CLOCK.now(),
    cacheSize: REMEMBERED_TOKENS,
  })
}

/** The public URL is issuer and, with the endpoint's path, audience: both from configuration, never from `Host`. */
export function tokenPlace({ planes }: Pick<Foundation, 'planes'>): TokenPlace {
  return { issuer: planes.urls.agent, audience: `${planes.urls.agent}/mcp` }
}

type TokenPlace = Pick<TokenSigner, 'issuer' | 'audience'>

/** With the key of this very moment. */
export function tokenSigner(foundation: Pick<Foundation, 'planes' | 'tokenKeys'>): TokenSigner {
  const { kid: keyId, privateKey } = foundation.tokenKeys.signing()
  return { ...tokenPlace(foundation), keyId, privateKey }
}
