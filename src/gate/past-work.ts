import type { StoredRecord } from '../audit/record-reader.ts'
import type { Approval } from '../core/approval.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import type { PastWork } from '../core/grant.ts'
import { pastWidenings } from './past-widening.ts'
import type { AdministrationDeps } from './administration-deps.ts'

/** Decisions about calls of the same human that are looked through, newest first. */
const MOST = 500

/**
 * What consent for the rest of the task would have covered, had it been there: decisions on record about exactly that
 * work. Undefined = the request offers none, or its own decision cannot be read any more.
 */
export async function pastWork(
  { records, sha256 }: Pick<AdministrationDeps, 'records' | 'sha256'>,
  approval: Approval,
): Promise<PastWork | undefined> {
  const { tenant, human, decision, offer } = approval
  if (offer === undefined) return undefined
  const [own] = await records.query({ tenant, kind: 'decision', id: decision, limit: 1 })
  const asked = own && workOf(own, offer.covers.notes)
  if (own === undefined || asked === undefined) return undefined
  const found = await records.query({ tenant, kind: 'decision', human, before: own.index, limit: MOST })
  const same = found.filter((each) => workOf(each, offer.covers.notes) === asked)
  const here = same.filter(({ envelope }) => envelope.identity?.task === approval.task)
  const [last] = here
  const wider = pastWidenings(sha256, approval, { own, found })
  return {
    looked: found.length,
    times: here.length,
    elsewhere: same.length - here.length,
    ...(last === undefined ? {} : { last: Date.parse(last.envelope.at) }),
    ...(wider.length === 0 ? {} : { wider }),
  }
}

/** All that has to be the same, as far as it is on record; undefined = it was erased. */
function workOf({ envelope, detail, payload }: StoredRecord, notes: readonly string[]): string | undefined {
  const { operations } = detail ?? {}
  const input = payload?.arguments
  if (operations === undefined || input === undefined || envelope.call === undefined) return undefined
  try {
    return canonicalJson({
      call: { ...envelope.call },
      arguments: Object.fromEntries(Object.entries(input).filter(([name]) => !notes.includes(name))),
      operations: operations.map(({ action, resource: { type, id }, labels, opaque }) => ({
        action,
        resource: { type, id },
        labels: labels.toSorted(),
        opaque,
      })),
    })
  } catch {
    return undefined
  }
}
