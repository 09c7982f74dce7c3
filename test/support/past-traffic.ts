import { canonicalJson } from '../../src/core/canonical-json.ts'
import { DEFAULT_TENANT, type TaskId } from '../../src/core/ids.ts'
import type { Json } from '../../src/core/json.ts'
import { compilePolicySet } from '../../src/policy/compile-policy-set.ts'
import type { PolicyBundle } from '../../src/policy/load-policy-set.ts'
import type { PastDecisions } from '../../src/server/replay/past-decisions.ts'
import { packTexts, parsedOf } from '../policy/compiled.ts'
import { PACK } from '../policy/samples.ts'
import type { GateHarness } from './gate-harness.ts'

/** What a gate has on record, as a ledger at rest gives it. @param erased indexes whose details are gone. */
export async function pastOf(gate: GateHarness, erased: readonly number[] = []): Promise<PastDecisions> {
  const records = await gate.store.records.query({ tenant: DEFAULT_TENANT, limit: 10_000 })
  const rows = records.toReversed().flatMap(({ index, envelope, detail }) =>
    envelope.kind === 'decision'
      ? [
          {
            index,
            body: canonicalJson(JSON.parse(JSON.stringify(envelope)) as Json),
            ...(erased.includes(index) ? {} : { detail: JSON.stringify(detail) }),
          },
        ]
      : [],
  )
  return { rows: () => rows, task: (id) => gate.store.tasks.get(DEFAULT_TENANT, id as TaskId) }
}

/** The default pack, some of its text replaced. */
export function packWith(
  ...changes: readonly (readonly [from: string | RegExp, to: string])[]
): PolicyBundle {
  const texts = packTexts(PACK).map(({ file, text }) => ({
    file,
    text: changes.reduce((changed, [from, to]) => changed.replace(from, to), text),
  }))
  const parsed = parsedOf(texts)
  return { parsed, schemaText: '', set: compilePolicySet(parsed, '') }
}
