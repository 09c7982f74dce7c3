import { sign, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'

import type { JsonObject } from '../core/json.ts'
import { checkpointOrigin } from './checkpoint.ts'
import { readVerifierKey, verifierKeyText } from './verifier-key.ts'

/** What `ledger.key` says in its `data`: the key that signed so far, and the one that does from the next record on. */
const SHAPE = z.strictObject({
  /** Absent where the old key was lost with its public half. */
  old: z.string().optional(),
  new: z.string(),
  /** Base64; absent where the old key was lost: then nothing but the new key speaks for the change. */
  signedByOld: z.string().optional(),
  signedByNew: z.string(),
})

/** A change of key that holds as far as it goes. */
export interface KeyChange {
  /** Of the record that says it. */
  readonly index: number
  readonly old: KeyObject | undefined
  readonly new: KeyObject
  /** The old key did not sign it. */
  readonly lost: boolean
}

function statement(tenant: string, old: string | undefined, fresh: string): Buffer {
  return Buffer.from(`remit/ledger-key/v1\n${checkpointOrigin(tenant)}\n${old ?? ''}\n${fresh}\n`)
}

/**
 * `data` of the record that hands the ledger over to another key.
 * @param old a public key where its private half was lost; undefined = that too.
 */
export function keyChangeData(tenant: string, old: KeyObject | undefined, fresh: KeyObject): JsonObject {
  const name = checkpointOrigin(tenant)
  const texts = { old: old && verifierKeyText(name, old), new: verifierKeyText(name, fresh) }
  const said = statement(tenant, texts.old, texts.new)
  const signed = (key: KeyObject): string => sign(null, said, key).toString('base64')
  return {
    new: texts.new,
    ...(texts.old === undefined ? {} : { old: texts.old }),
    signedByNew: signed(fresh),
    ...(old?.type === 'private' ? { signedByOld: signed(old) } : {}),
  }
}

/** @returns undefined = it does not say a change of key that its keys have signed. */
export function readKeyChange(tenant: string, index: number, data: unknown): KeyChange | undefined {
  const read = SHAPE.safeParse(data)
  if (!read.success) return undefined
  const name = checkpointOrigin(tenant)
  const old = read.data.old === undefined ? undefined : readVerifierKey(read.data.old)
  const fresh = readVerifierKey(read.data.new)
  if (fresh?.name !== name || (read.data.old !== undefined && old?.name !== name)) return undefined
  const said = statement(tenant, read.data.old, read.data.new)
  const holds = (key: KeyObject, text: string): boolean =>
    verify(null, said, key, Buffer.from(text, 'base64'))
  if (!holds(fresh.key, read.data.signedByNew)) return undefined
  const { signedByOld } = read.data
  if (signedByOld !== undefined && (old === undefined || !holds(old.key, signedByOld))) return undefined
  return { index, old: old?.key, new: fresh.key, lost: signedByOld === undefined }
}
