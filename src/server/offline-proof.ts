import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Proof, readProof } from '../audit/proof-text.ts'
import {
  checkProof,
  type CheckpointName,
  type ProofReport,
  proveConsistency,
  proveInclusion,
} from '../audit/prove.ts'
import { RemitError } from '../core/errors.ts'
import { isSize, keptCheckpoint } from './kept-checkpoints.ts'
import { ledgerKeys, type OfflineLedger, openLedger } from './offline-ledger.ts'

/** What is to be proved; checkpoints are files that hold one, or sizes, and the newest where none is named. */
export type WhatToProve =
  | { readonly record: string; readonly checkpoint: string | undefined }
  | { readonly from: string; readonly to: string | undefined }

/** A proof from a ledger's files alone. @throws RemitError `not_found`, `ledger_broken`, `state_unreadable`. */
export async function proveOffline(where: OfflineLedger, what: WhatToProve): Promise<Proof> {
  const ledger = await openLedger(where)
  const named = (text: string | undefined): CheckpointName => {
    if (text === undefined) return undefined
    return isSize(text) ? Number(text) : keptCheckpoint(where.cwd, text)
  }
  try {
    return 'record' in what
      ? await proveInclusion(ledger, what.record, named(what.checkpoint))
      : await proveConsistency(ledger, named(what.from), named(what.to))
  } finally {
    ledger.source.close()
  }
}

/** Checks a proof with keys alone. @throws RemitError `state_unreadable`, `key_unusable`. */
export function checkProofOffline(where: OfflineLedger, file: string): ProofReport {
  return checkProof(readProof(readText(resolve(where.cwd, file))), ledgerKeys(where))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new RemitError('state_unreadable', `\`${path}\` cannot be read; give a file with a proof`, {
      cause,
    })
  }
}
