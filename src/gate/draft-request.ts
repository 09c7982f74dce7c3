import { askedWork } from '../approvals/asked-work.ts'
import { callParts } from '../approvals/call-parts.ts'
import { requestApproval } from '../approvals/machine.ts'
import { outlineOf } from '../approvals/outline.ts'
import { renderPrompt } from '../approvals/prompt.ts'
import type { Provenance } from '../approvals/provenance-lines.ts'
import { sealWorld } from '../approvals/world.ts'
import type { EditPreview } from '../classify/classify.ts'
import { commandPieces } from '../classify/command-pieces.ts'
import { redactText } from '../classify/secrets/redact-secrets.ts'
import type { Approval, GrantOffer } from '../core/approval.ts'
import type { Decision } from '../core/decision.ts'
import type { AskedCall } from '../core/grant.ts'
import { newId, type ApprovalId, type DecisionId, type Digest } from '../core/ids.ts'
import type { TaskChain } from '../core/identity.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { type AskedCoverage, GRANTS } from './use-grant.ts'
import { APPROVALS } from './why-lapsed.ts'
import { rootOf } from './gather-facts.ts'
import type { Look } from './world/look-at-world.ts'

/** What is asked about one call, and what is on record about it. */
export interface Asking extends AskedCoverage {
  readonly decision: Decision
  readonly id: DecisionId
  readonly digest: Digest
  /** What its arguments stand for now; absent = nobody looks. */
  readonly look: Look | undefined
}

/** The same, once it is known that somebody is asked. */
export interface AskingWhole extends Asking {
  /** Where its arguments were met before; absent = nobody looked. */
  readonly provenance: Provenance | undefined
}

/** The request about a call, as people will see it. */
export function draftRequest(deps: GateDeps, considered: ConsideredCall, asked: AskingWhole): Approval {
  const { caller, call, classification, facts, redacted } = considered
  const { task } = caller.chain
  const { gates } = asked.decision
  const shortest = Math.min(deps.settings.consentLifetime, ...gates.map((gate) => gate.timeout * 1_000))
  const expires = Math.min(facts.now + shortest, task.expires)
  const offer = offerOf(considered, asked)
  const { look, provenance } = asked
  const preview = look === undefined ? previewOf(deps, considered) : look.preview
  const again = whyAgain(asked.decision)
  const operations = redacted.scrub(classification.operations)
  const prompt = renderPrompt({
    chain: caller.chain,
    human: caller.human,
    call: { ...call, arguments: redacted.arguments },
    operations,
    parts: redacted.complete
      ? redacted.scrub(
          callParts(
            { operations: classification.operations, arguments: call.arguments, secrets: redacted.secrets },
            commandPieces,
          ),
        )
      : [],
    history: facts.history,
    ...(provenance === undefined ? {} : { provenance }),
    gates,
    expires,
    digest: asked.digest,
    ...(offer === undefined ? {} : { offer }),
    ...(asked.decision.observed === undefined ? {} : { observed: asked.decision.observed }),
    ...(preview === undefined ? {} : redactPreview(deps, preview)),
    ...(look === undefined ? {} : { world: look.seen }),
    ...(again === undefined ? {} : { again }),
  })
  return requestApproval({
    id: newId('apr', deps.entropy.bytes(16)) as ApprovalId,
    task,
    root: rootOf(caller.chain).id,
    call: { server: call.server, tool: call.tool, digest: asked.digest },
    work: askedWork(
      { operations: classification.operations, arguments: call.arguments },
      asked.decision,
      deps.sha256,
    ),
    decision: asked.id,
    policyHash: considered.policies.hash,
    gates,
    prompt,
    ...(look === undefined
      ? {}
      : { world: sealWorld(look.seen, { salt: saltOf(deps), sha256: deps.sha256 }) }),
    ...(again === undefined ? {} : { again }),
    outline: outlineOf({ chain: caller.chain, operations, read: facts.history.labels }),
    ...(offer === undefined ? {} : { offer }),
    now: facts.now,
    expires,
  })
}

/** For a call that is played: nobody looks at a world, and the file is there or not. */
function previewOf({ classifier }: GateDeps, { caller, call }: ConsideredCall): EditPreview | undefined {
  const { workspace } = caller.chain.task
  return classifier.previewEdit(call, workspace === undefined ? {} : { workspace })
}

function offerOf({ caller, call }: ConsideredCall, { covers, wider }: AskedCoverage): GrantOffer | undefined {
  if (covers === undefined) return undefined
  const widened = wider.length === 0 ? {} : { wider }
  return { covers, ...widened, call: askedCall(call), expires: endOf(caller.chain) }
}

function askedCall({ door, kind, server, tool, definition, fileSystem, root, ...call }: ToolCall): AskedCall {
  return {
    door,
    kind,
    server,
    tool,
    ...(definition === undefined ? {} : { definition: { digest: definition.digest, name: definition.name } }),
    arguments: call.arguments,
    fileSystem,
    ...(root === undefined ? {} : { root }),
  }
}

function saltOf({ entropy }: GateDeps): string {
  return Array.from(entropy.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What an earlier agreement stopped counting for. */
function whyAgain({ reasons }: Decision): string | undefined {
  const said = reasons.filter(({ policy }) => policy === APPROVALS || policy === GRANTS)
  return said.length === 0 ? undefined : said.map(({ text }) => text).join('; ')
}

/** The file may hold secrets that the call does not. */
function redactPreview({ scanner }: GateDeps, { before, after }: EditPreview): EditPreview {
  const redact = (text: string): string => redactText(text, scanner.search(text).finds)
  return { before: redact(before), after: redact(after) }
}

/** A grant ends with the first task of the chain that ends. */
function endOf({ task, ancestors }: TaskChain): number {
  return Math.min(task.expires, ...ancestors.map(({ expires }) => expires))
}
