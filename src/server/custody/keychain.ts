import { randomBytes } from 'node:crypto'
import type { KeyWrapper } from './key-wrapper.ts'
import { runKeeper } from './run-keeper.ts'

type Platform = Pick<NodeJS.Process, 'platform'>['platform']

/** The keychain of this user on this system. @throws RangeError where there is none that is known. */
export function keychain(platform: Platform): KeyWrapper {
  if (platform === 'darwin') return macKeychain
  if (platform === 'linux') return secretService
  if (platform === 'win32') return dataProtection
  throw new RangeError(`no keychain is known on ${platform}`)
}

const newItem = (): string => `remit-${randomBytes(8).toString('hex')}`
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64')

/** `security -i` reads commands from its standard input, so that the key is no argument. */
const macKeychain: KeyWrapper = {
  name: 'the keychain of macOS',
  async wrap(key) {
    const item = newItem()
    await runKeeper(['security', '-i'], `add-generic-password -a remit -s ${item} -w ${base64(key)}\n`)
    return item
  },
  unwrap: async (item) =>
    bytesOf(await runKeeper(['security', 'find-generic-password', '-a', 'remit', '-s', item, '-w'], '')),
}

/** The Secret Service of freedesktop.org, by `secret-tool` of libsecret. */
const secretService: KeyWrapper = {
  name: 'the Secret Service',
  async wrap(key) {
    const item = newItem()
    await runKeeper(['secret-tool', 'store', '--label=Remit', 'service', 'remit', 'item', item], base64(key))
    return item
  },
  unwrap: async (item) =>
    bytesOf(await runKeeper(['secret-tool', 'lookup', 'service', 'remit', 'item', item], '')),
}

const protect = (what: 'Protect' | 'Unprotect'): readonly string[] => [
  'powershell',
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  'Add-Type -AssemblyName System.Security; ' +
    '$in = [Convert]::FromBase64String([Console]::In.ReadLine()); ' +
    `[Convert]::ToBase64String([Security.Cryptography.ProtectedData]::${what}($in, $null, 'CurrentUser'))`,
]

const dataProtection: KeyWrapper = {
  name: 'the data protection of Windows',
  wrap: (key) => runKeeper(protect('Protect'), `${base64(key)}\n`),
  unwrap: async (wrapped) => bytesOf(await runKeeper(protect('Unprotect'), `${wrapped}\n`)),
}
