import { goodCosignatures } from '../../audit/cosignature.ts'
import type { LedgerSource } from '../../audit/ledger-source.ts'
import { consistencyProof } from '../../audit/merkle-proof.ts'
import { headOf } from '../../audit/proof-text.ts'
import { withNodes } from '../../audit/stored-nodes.ts'
import type { VerifierKey } from '../../audit/verifier-key.ts'
import { guardedFetch, type GuardedFetchOptions } from '../../net/guarded-fetch.ts'
import type { Destination } from './destination.ts'

export interface WitnessSettings {
  readonly name: string
  /** Submission prefix, without a slash at its end. */
  readonly url: string
  readonly key: VerifierKey
  readonly tenant: string
  readonly fetching: GuardedFetchOptions
  /** The ledger at rest, to prove from; closed after use. */
  readonly openLedger: () => Promise<LedgerSource>
  /** Keeps a checkpoint with the lines of witnesses under it. */
  readonly keep: (cosigned: string) => void
}

/** A witness (https://c2sp.org/tlog-witness): it cosigns only what continues what it saw before. */
export function witnessCopy(settings: WitnessSettings): Destination {
  return {
    name: settings.name,
    deliver: async (note, before) => {
      let answer = await addCheckpoint(settings, note, before)
      if (answer.status === 409) {
        // It saw more, or less, than is remembered here, and says how much.
        const text = (await answer.text()).trim()
        const size = /^\d{1,15}$/.test(text) ? Number(text) : undefined
        const due = headOf(note).size
        if (size === undefined || size > due) {
          throw new Error(
            `it has seen ${size ?? 'something else than'} records of this ledger, and there are ${due}`,
          )
        }
        if (size === before) throw new Error(`it has seen other records of this ledger: it holds a fork`)
        answer = await addCheckpoint(settings, note, size)
      }
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
      const lines = goodCosignatures(note, await answer.text(), settings.key)
      if (lines.length === 0) throw new Error('it answered with no cosignature of its key')
      settings.keep(note + lines.join(''))
    },
  }
}

async function addCheckpoint(settings: WitnessSettings, note: string, before: number): Promise<Response> {
  const { url, tenant, fetching } = settings
  const { size } = headOf(note)
  const ledger = await settings.openLedger()
  try {
    const path = await withNodes(ledger, tenant, (node) =>
      consistencyProof(node, Math.min(before, size), size),
    )
    const lines = path.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('')
    const body = `old ${Math.min(before, size)}\n${lines}\n${note}`
    return await guardedFetch(`${url}/add-checkpoint`, { method: 'POST', body }, fetching)
  } finally {
    ledger.close()
  }
}
