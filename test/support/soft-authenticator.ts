import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Json } from '../../src/core/json.ts'

interface Asked {
  readonly challenge: string
}

const PRESENT_AND_VERIFIED = 0x05
const HAS_CREDENTIAL = 0x40

/** A passkey of its own whose counter a test can set, written from WebAuthn and CTAP2 and not from the gateway. */
export class SoftAuthenticator {
  readonly #origin: string
  readonly #keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  readonly #id: Buffer
  /** Of the next signature; 0 = it does not count. */
  counter = 0

  constructor(origin: string, name: string) {
    this.#origin = origin
    this.#id = createHash('sha256').update(name).digest()
    this.#keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  }

  /** The answer to `navigator.credentials.create`, without an attestation. */
  create({ challenge }: Asked): Json {
    const length = Buffer.from([0, this.#id.length])
    const credential = [Buffer.alloc(16), length, this.#id, this.#coseKey()]
    const data = this.#data(PRESENT_AND_VERIFIED | HAS_CREDENTIAL, credential)
    // {"fmt": "none", "attStmt": {}, "authData": …}
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3, 0x63, ...Buffer.from('fmt'), 0x64, ...Buffer.from('none')]),
      Buffer.from([0x67, ...Buffer.from('attStmt'), 0xa0, 0x68, ...Buffer.from('authData')]),
      Buffer.from([0x58, data.length]),
      data,
    ])
    const clientDataJSON = this.#clientData('webauthn.create', challenge)
    return this.#answer({ attestationObject, clientDataJSON })
  }

  /** The answer to `navigator.credentials.get`. */
  get({ challenge }: Asked): Json {
    const authenticatorData = this.#data(PRESENT_AND_VERIFIED, [])
    const clientDataJSON = this.#clientData('webauthn.get', challenge)
    const digest = createHash('sha256').update(clientDataJSON).digest()
    const signature = sign('sha256', Buffer.concat([authenticatorData, digest]), this.#keys.privateKey)
    return this.#answer({ authenticatorData, clientDataJSON, signature })
  }

  #data(flags: number, more: readonly Buffer[]): Buffer {
    const relyingParty = createHash('sha256').update(new URL(this.#origin).hostname).digest()
    const counted = Buffer.alloc(5)
    counted.writeUInt8(flags)
    counted.writeUInt32BE(this.counter, 1)
    return Buffer.concat([relyingParty, counted, ...more])
  }

  /** {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01])
    const bytes = (key: number, text: string): Buffer =>
      Buffer.concat([Buffer.from([key, 0x58, 32]), Buffer.from(text, 'base64url')])
    return Buffer.concat([head, bytes(0x21, x), bytes(0x22, y)])
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }))
  }

  #answer(parts: Readonly<Record<string, Buffer>>): Json {
    const id = this.#id.toString('base64url')
    const response = Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64url')]),
    )
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }
}
