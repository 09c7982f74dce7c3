import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { asRemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { SecretVault } from '../credentials/secret-vault.ts'
import { type KeyRing, livingKeys, type RingKey, rotateRing, signingKeyOf } from '../identity/key-ring.ts'
import type { PublishedKey, TokenKeys } from '../identity/token-keys.ts'
import { sha256 } from './system-clock.ts'

export interface SigningKeysDeps {
  readonly vault: SecretVault
  /** The key of a gateway whose keys were never changed, and since when it has it. */
  readonly first: { readonly privateKey: KeyObject; readonly from: number }
  readonly now: () => number
  /** Milliseconds: `oauth.keyOverlap`, and the longest that any token lives. */
  readonly overlap: number
  readonly longest: number
}

interface Opened {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** In the encrypted store, so that all who share it change keys together. */
const ENTRY = 'keys:tokens'
const LONGEST_AGE = 300

/** The keys that sign tokens: one from a file at first, then those of the encrypted store. */
export class SigningKeys implements TokenKeys {
  readonly #deps: SigningKeysDeps
  readonly #opened = new Map<string, Opened>()
  readonly #first: KeyRing
  #ring: KeyRing | undefined

  constructor(deps: SigningKeysDeps) {
    this.#deps = deps
    const { privateKey, from } = deps.first
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    this.#first = [{ kid: keyIdOf(privateKey), pem, from }]
    deps.vault.onChange((name) => {
      if (name === ENTRY) this.#ring = undefined
    })
  }

  /** @throws RemitError `key_unusable` when the store’s cannot be opened: then nothing is signed, and nothing is good. */
  get ring(): KeyRing {
    this.#ring ??= this.#read()
    return this.#ring
  }

  get maxAge(): number {
    return Math.min(LONGEST_AGE, Math.floor(this.#deps.overlap / 1000))
  }

  signing(): { readonly kid: string; readonly privateKey: KeyObject } {
    const key = signingKeyOf(this.ring, this.#deps.now())
    return { kid: key.kid, privateKey: this.#open(key).privateKey }
  }

  get(kid: string): KeyObject | undefined {
    return this.#living(kid)?.publicKey
  }

  privateKey(kid: string): KeyObject | undefined {
    return this.#living(kid)?.privateKey
  }

  published(): readonly PublishedKey[] {
    return livingKeys(this.ring, this.#deps.now()).map((key) => {
      const { kty = '', crv = '', x = '' } = this.#open(key).publicKey.export({ format: 'jwk' })
      return { kty, crv, x, kid: key.kid, alg: 'EdDSA', use: 'sig' }
    })
  }

  /** @throws RemitError `secret_changed` when somebody else was faster. */
  async rotate(by: HumanId, compromised: boolean): Promise<void> {
    const { vault, now, overlap, longest } = this.#deps
    const version = vault.entry(ENTRY)?.version ?? 0
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const fresh = { kid: keyIdOf(privateKey), pem }
    const ring = rotateRing(this.ring, fresh, { now: now(), overlap, longest, compromised })
    const data = { kid: fresh.kid, from: new Date(ring.at(-1)?.from ?? 0).toISOString(), compromised }
    await vault.replace(ENTRY, JSON.stringify(ring), version, { kind: 'key.rotated', by, data })
    this.#ring = ring
  }

  #read(): KeyRing {
    const entry = this.#deps.vault.entry(ENTRY)
    return entry === undefined ? this.#first : (JSON.parse(entry.value) as KeyRing)
  }

  #living(kid: string): Opened | undefined {
    const now = this.#deps.now()
    const key = this.ring.find((each) => each.kid === kid)
    const over = key === undefined || (key.until !== undefined && key.until <= now)
    return over ? undefined : this.#open(key)
  }

  #open({ kid, pem }: RingKey): Opened {
    let opened = this.#opened.get(kid)
    if (opened === undefined) {
      const privateKey = createPrivateKey(pem)
      opened = { privateKey, publicKey: createPublicKey(privateKey) }
      this.#opened.set(kid, opened)
    }
    return opened
  }
}

/** Whether somebody else changed the keys at the same time, which is as good. */
export function wasFaster(thrown: unknown): boolean {
  return asRemitError(thrown).code === 'secret_changed'
}

function keyIdOf(privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')
  return sha256(spki).slice(0, 16)
}
