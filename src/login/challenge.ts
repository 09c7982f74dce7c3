import { createHash, createHmac } from 'node:crypto'
import { equalSecrets } from '../net/constant-time.ts'
import type { LoginDeps } from './login-deps.ts'

/** What a passkey is asked for. `subject` of `step-up` is the digest of what is agreed to; else what it is for. */
export interface ChallengePurpose {
  readonly purpose: 'login' | 'enrol' | 'step-up'
  readonly subject: string
}

/** Milliseconds that a human has to answer. */
const LIFE = 300_000
const NONCE = 16
const TIME = 6
const BINDING = 32
const SEAL = 32

/**
 * A challenge that nobody has to keep: nonce ‖ end ‖ SHA-256(purpose, subject, nonce, end) ‖ seal. Anybody can see
 * later from the first three what it was for; only a gateway can make the seal.
 * @returns base64url.
 */
export function makeChallenge(
  deps: Pick<LoginDeps, 'clock' | 'entropy' | 'key'>,
  asked: ChallengePurpose,
): string {
  const end = Buffer.alloc(TIME)
  end.writeUIntBE(deps.clock.now() + LIFE, 0, TIME)
  const head = Buffer.concat([deps.entropy.bytes(NONCE), end])
  const bound = Buffer.concat([head, binding(asked, head)])
  return Buffer.concat([bound, seal(deps.key, bound)]).toString('base64url')
}

/** @returns when it ends, in milliseconds since the epoch; undefined = not ours, not for this, or too old. */
export function openChallenge(
  deps: Pick<LoginDeps, 'clock' | 'key'>,
  challenge: string,
  asked: ChallengePurpose,
): number | undefined {
  const bytes = Buffer.from(challenge, 'base64url')
  if (!challengeBinds(challenge, asked)) return undefined
  const bound = bytes.subarray(0, NONCE + TIME + BINDING)
  if (!equalSecrets(bytes.subarray(bound.length), seal(deps.key, bound))) return undefined
  const end = bytes.readUIntBE(NONCE, TIME)
  return deps.clock.now() < end ? end : undefined
}

/** Whether a challenge was made for this, whoever made it: what can still be checked years later. */
export function challengeBinds(challenge: string, asked: ChallengePurpose): boolean {
  const bytes = Buffer.from(challenge, 'base64url')
  if (bytes.length !== NONCE + TIME + BINDING + SEAL) return false
  const head = bytes.subarray(0, NONCE + TIME)
  return equalSecrets(bytes.subarray(head.length, head.length + BINDING), binding(asked, head))
}

function binding({ purpose, subject }: ChallengePurpose, head: Uint8Array): Buffer {
  return createHash('sha256').update(`remit ${purpose}\n${subject}\n`).update(head).digest()
}

function seal(key: Uint8Array, bound: Uint8Array): Buffer {
  return createHmac('sha256', key).update('passkey challenge').update(bound).digest()
}
