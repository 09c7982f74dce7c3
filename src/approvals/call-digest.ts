import { canonicalJson } from '../core/canonical-json.ts'
import type { Digest, ServerKey, TaskId, TenantId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { CallKind } from '../core/tool-call.ts'

/** All that an approval is bound to: change any of it, and it is another call that needs another approval. */
export interface DigestedCall {
  readonly tenant: TenantId
  readonly task: TaskId
  readonly server: ServerKey
  readonly kind: CallKind
  readonly tool: string
  /** The pinned definition that the agent saw; absent = the server described none. */
  readonly definition?: Digest
  readonly arguments: JsonObject
}

/**
 * Digest of exactly one call, over RFC 8785 canonical JSON. The first member tells it from every other digest.
 * @throws RangeError for arguments without a canonical form (a lone surrogate): such a call cannot be approved.
 */
export function callDigest(call: DigestedCall, sha256: (text: string) => Digest): Digest {
  const { tenant, task, server, kind, tool, definition } = call
  return sha256(
    canonicalJson({
      '': 'remit-call-2',
      tenant,
      task,
      server,
      kind,
      tool,
      definition: definition ?? null,
      arguments: call.arguments,
    }),
  )
}
