import type { AdministrationDeps } from '../gate/administration-deps.ts'
import type { GateDeps } from '../gate/gate-deps.ts'
import { GateEvents } from '../gate/gate-events.ts'
import { createNoCredentials } from '../credentials/no-credentials.ts'
import { directoryOf } from '../identity/human-directory.ts'
import { createTokenVerifier, mintTaskToken, type TokenSigner } from '../identity/task-token.ts'
import { createMemoryPins, type DefinitionPins } from '../mcp/definition-pins.ts'
import { gatewayClassifier } from './gateway-classifier.ts'
import type { Foundation } from './open-foundation.ts'
import { protectionReport } from './protection.ts'
import { sha256, SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

const REMEMBERED_TOKENS = 10_000

/** The gate's ports and the administration's, over one foundation. */
export function composeGateDeps(foundation: Foundation): {
  readonly gate: GateDeps
  readonly administration: AdministrationDeps
  readonly pins: DefinitionPins
} {
  const { store, planes, tenant, policies, humans, log } = foundation
  const signer = tokenSigner(foundation)
  const pins = createMemoryPins()
  const events = new GateEvents()
  policies.onChange(() => {
    events.listChanged()
  })
  const gate: GateDeps = {
    settings: {
      tenant,
      adminUrl: planes.urls.admin,
      consentLifetime: foundation.loaded.config.consent.expires,
      protection: protectionReport().level,
    },
    verifier: createTokenVerifier({
      publicKeys: new Map([[signer.keyId, foundation.keys.taskToken.publicKey]]),
      issuer: signer.issuer,
      audience: signer.audience,
      now: () => SYSTEM_CLOCK.now(),
      cacheSize: REMEMBERED_TOKENS,
    }),
    tasks: store.tasks,
    approvals: store.approvals,
    journal: store.journal,
    humans: directoryOf(humans),
    policies,
    classifier: gatewayClassifier(foundation),
    credentials: createNoCredentials(),
    pins,
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    sha256,
    events,
    observer: foundation.metrics,
    log,
  }
  const administration: AdministrationDeps = {
    ...gate,
    workflows: foundation.workflows,
    records: store.records,
    mintToken: ({ task, ancestors }) => mintTaskToken(task, ancestors, signer),
    mcpUrl: signer.audience,
  }
  return { gate, administration, pins }
}

/** The public URL is issuer and, with the endpoint's path, audience: both from configuration, never from `Host`. */
function tokenSigner({ keys, planes }: Foundation): TokenSigner {
  const { privateKey, publicKey } = keys.taskToken
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return {
    privateKey,
    keyId: sha256(spki).slice(0, 16),
    issuer: planes.urls.agent,
    audience: `${planes.urls.agent}/mcp`,
  }
}
