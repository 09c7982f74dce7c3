import type { StoredRecord } from '../audit/record-reader.ts'
import { filesInSlots, widerCoverages } from '../approvals/widen-coverage.ts'
import type { CoverableCall } from '../approvals/coverage.ts'
import type { Approval } from '../core/approval.ts'
import type { Coverage, PastWidening } from '../core/grant.ts'
import type { Digest, ServerKey } from '../core/ids.ts'

/** Names of files that are shown of what a widened grant would have let by. */
const MOST_EXAMPLES = 5

/** What each widening that is offered would have covered, of calls on record; each is measured as a call is at use. */
export function pastWidenings(
  sha256: (text: string) => Digest,
  approval: Approval,
  { own, found }: { readonly own: StoredRecord; readonly found: readonly StoredRecord[] },
): readonly PastWidening[] {
  const offered = approval.offer?.wider ?? []
  if (offered.length === 0) return []
  const asked = coverable(approval, own)
  if (asked === undefined) return []
  const wanted = widerCoverages(asked, sha256)
  const calls = found.flatMap((record) => {
    const call = coverable(approval, record)
    if (call === undefined) return []
    const digests = new Set(widerCoverages(call, sha256).map(({ digest }) => digest))
    const here = record.envelope.identity?.task === approval.task
    return digests.size === 0 ? [] : [{ call, digests, here }]
  })
  return offered.flatMap(({ wider }: Coverage) => {
    const coverage = wanted.find((each) => each.wider?.axis === wider?.axis)
    if (wider === undefined || coverage === undefined) return []
    const same = calls.filter(({ digests }) => digests.has(coverage.digest))
    const here = same.filter((each) => each.here)
    const examples = [...new Set(here.flatMap(({ call }) => filesInSlots(call)))].slice(0, MOST_EXAMPLES)
    return [{ axis: wider.axis, times: here.length, elsewhere: same.length - here.length, examples }]
  })
}

/** As far as it is on record; undefined = it was erased. What is compared with it is read from records as well. */
function coverable(
  { tenant, task, offer }: Approval,
  { envelope, detail, payload }: StoredRecord,
): CoverableCall | undefined {
  const { operations } = detail ?? {}
  const { call } = envelope
  if (operations === undefined || payload?.arguments === undefined || call === undefined) return undefined
  const { definition } = call
  return {
    tenant,
    task,
    call: {
      door: call.door,
      kind: call.kind,
      server: call.server as ServerKey,
      tool: call.tool,
      ...(definition === undefined ? {} : { definition: { digest: definition as Digest, name: call.tool } }),
      arguments: payload.arguments,
      fileSystem: 'shared',
      correlation: { requestId: '' },
    },
    operations,
    notes: offer?.covers.notes ?? [],
  }
}
