import { z } from 'zod'
import { isLoopbackHost } from '../../net/ip-ranges.ts'
import type { CustodyConfig } from '../config-custody-schema.ts'
import type { Environ } from '../load-config.ts'
import { readPrivateFile } from '../private-file.ts'
import type { KeyWrapper } from './key-wrapper.ts'

const TIMEOUT = 10_000

const answer = z.object({
  data: z.object({ ciphertext: z.string().optional(), plaintext: z.string().optional() }).optional(),
  errors: z.array(z.string()).optional(),
})

type VaultConfig = NonNullable<CustodyConfig['vault']>

/**
 * A key of the transit engine, which never leaves it (https://developer.hashicorp.com/vault/api-docs/secret/transit).
 * When it is rotated there, what older versions wrapped still opens.
 */
export function vaultTransit(config: VaultConfig, environ: Environ): KeyWrapper {
  const ask = (what: 'encrypt' | 'decrypt', body: object) => request(config, environ, { what, body })
  return {
    name: `Vault’s key \`${config.key}\``,
    async wrap(key) {
      const { ciphertext } = await ask('encrypt', { plaintext: Buffer.from(key).toString('base64') })
      if (ciphertext === undefined) throw new Error('it gave no ciphertext')
      return ciphertext
    },
    async unwrap(wrapped) {
      const { plaintext } = await ask('decrypt', { ciphertext: wrapped })
      if (plaintext === undefined) throw new Error('it gave no plaintext')
      return Buffer.from(plaintext, 'base64')
    },
  }
}

async function request(
  { url, mount, key, tokenFile, namespace }: VaultConfig,
  environ: Environ,
  { what, body }: { readonly what: string; readonly body: object },
): Promise<NonNullable<z.infer<typeof answer>['data']>> {
  const place = new URL(`/v1/${mount}/${what}/${key}`, url)
  if (place.protocol !== 'https:' && !isLoopbackHost(place.hostname)) {
    throw new Error(`\`${url}\` must be https: a key crosses no network in the clear`)
  }
  const response = await fetch(place, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-vault-request': 'true',
      'x-vault-token': tokenOf(tokenFile, environ),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    },
    body: JSON.stringify(body),
    // A redirect would carry the token elsewhere.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch((cause: unknown) => {
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
    throw new Error(`\`${url}\` cannot be reached (${inner instanceof Error ? inner.message : 'no answer'})`)
  })
  const read = answer.safeParse(await response.json().catch(() => undefined))
  if (!response.ok || read.data?.data === undefined) {
    const why = read.data?.errors?.join('; ') ?? ''
    throw new Error(`\`${url}\` answered ${response.status}${why === '' ? '' : `: ${why.slice(0, 300)}`}`)
  }
  return read.data.data
}

function tokenOf(file: string | undefined, environ: Environ): string {
  if (file === undefined) {
    const token = environ['VAULT_TOKEN'] ?? ''
    if (token === '') throw new Error('there is no token; set VAULT_TOKEN, or `keys.vault.tokenFile`')
    return token
  }
  const token = readPrivateFile(file, 'key_unusable')?.toString('utf8').trim()
  if (token === undefined || token === '') throw new Error(`there is no token in \`${file}\``)
  return token
}
