import { chmodSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadKeys } from './keys.ts'
import { loadLocalCredential, readLocalCredential } from './local-credential.ts'
import { parseConfig } from './load-config.ts'
import { resolveSecrets } from './secrets.ts'
import { openStateFolder } from './state-folder.ts'

let root: string

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'remit-state-')), 'state')
})

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('R-SEC-1: the state folder', () => {
  test('is made for its owner only, whatever the umask', () => {
    const before = process.umask(0)
    const folder = openStateFolder(root)
    process.umask(before)
    expect([mode(folder.root), mode(folder.keys), mode(folder.secrets)]).toEqual(['700', '700', '700'])
  })

  test('is refused when others can enter it, with the command that mends it', () => {
    openStateFolder(root)
    chmodSync(root, 0o755)
    expect(() => openStateFolder(root)).toThrow(
      expect.objectContaining({
        code: 'state_unreadable',
        message: expect.stringContaining(`chmod 700 ${root}`),
      }),
    )
  })

  test('is refused when it is a file', () => {
    writeFileSync(root, '')
    expect(() => openStateFolder(root)).toThrow(expect.objectContaining({ code: 'state_unreadable' }))
  })
})

describe('R-SEC-1: keys', () => {
  test('are made once, mode 0600, and are the same at the next start', () => {
    const folder = openStateFolder(root)
    const first = loadKeys(folder.keys)
    expect(readdirSync(folder.keys).map((name) => mode(join(folder.keys, name)))).toEqual([
      '600',
      '600',
      '600',
    ])
    const second = loadKeys(folder.keys)
    expect(second.taskToken.privateKey.equals(first.taskToken.privateKey)).toBe(true)
    expect(second.checkpoint.privateKey.equals(first.checkpoint.privateKey)).toBe(true)
    expect(second.requestState).toEqual(Buffer.from(first.requestState))
    expect(first.requestState.length).toBe(32)
    expect(first.taskToken.privateKey.equals(first.checkpoint.privateKey)).toBe(false)
  })

  test.each([
    ['others can read it', (path: string) => chmodSync(path, 0o640), /chmod 600/],
    ['it holds something else', (path: string) => writeFileSync(path, 'hello'), /does not hold/],
    ['it is empty', (path: string) => writeFileSync(path, ''), /does not hold/],
  ])('are refused when %s', (_, spoil, message) => {
    const folder = openStateFolder(root)
    loadKeys(folder.keys)
    for (const name of readdirSync(folder.keys)) {
      const fresh = openStateFolder(join(root, name))
      loadKeys(fresh.keys)
      spoil(join(fresh.keys, name))
      expect(() => loadKeys(fresh.keys)).toThrow(
        expect.objectContaining({ code: 'key_unusable', message: expect.stringMatching(message) }),
      )
    }
  })

  test('are refused when they are links to a file elsewhere', () => {
    const folder = openStateFolder(root)
    symlinkSync(join(tmpdir(), 'elsewhere'), join(folder.keys, 'checkpoint.pem'))
    writeFileSync(join(root, 'target'), 'x', { mode: 0o600 })
    expect(() => loadKeys(folder.keys)).toThrow(/is a symbolic link/)
  })
})

describe('the local credential', () => {
  test('is made once with mode 0600 and is unguessable', () => {
    const { localCredential } = openStateFolder(root)
    expect(readLocalCredential(localCredential)).toBeUndefined()
    const made = loadLocalCredential(localCredential)
    expect(made).toMatch(/^remit_local_[\w-]{43}$/)
    expect(mode(localCredential)).toBe('600')
    expect(loadLocalCredential(localCredential)).toBe(made)
  })

  test('is refused when others can read it', () => {
    const { localCredential } = openStateFolder(root)
    loadLocalCredential(localCredential)
    chmodSync(localCredential, 0o604)
    expect(() => readLocalCredential(localCredential)).toThrow(/chmod 600/)
  })
})

describe('secret: references', () => {
  const text = 'servers:\n  a:\n    command: x\n    env: {TOKEN: "secret:git-hub", PLAIN: v}\n'
  const loaded = parseConfig('remit.yaml', text, {})

  const at = (folder: string, environ = {}, vault: Record<string, string> = {}) => ({
    folder,
    environ,
    vault: { value: (name: string) => vault[name] },
  })

  test('R-CRED-1: come from the encrypted store first, then a file, then the environment', () => {
    const { secrets } = openStateFolder(root)
    const environ = { REMIT_SECRET_GIT_HUB: 'of-the-environment' }
    const token = (vault = {}) => resolveSecrets(loaded, at(secrets, environ, vault))['a']?.env['TOKEN']
    expect(token()).toBe('of-the-environment')
    writeFileSync(join(secrets, 'git-hub'), 'of-the-file', { mode: 0o600 })
    expect(token()).toBe('of-the-file')
    expect(token({ 'git-hub': 'of-the-store' })).toBe('of-the-store')
  })

  test('come from a file of the owner', () => {
    const { secrets } = openStateFolder(root)
    writeFileSync(join(secrets, 'git-hub'), 's3cr3t-value\n', { mode: 0o600 })
    expect(resolveSecrets(loaded, at(secrets))['a']?.env).toEqual({ TOKEN: 's3cr3t-value', PLAIN: 'v' })
  })

  test('or from the environment, with a scheme before them if asked for', () => {
    mkdirSync(root)
    const other = parseConfig(
      'r',
      'servers: {a: {url: "http://127.0.0.1/", headers: {Authorization: Bearer secret:b}}}',
      {},
    )
    expect(resolveSecrets(other, at(root, { REMIT_SECRET_B: 'x' }))['a']?.headers).toEqual({
      Authorization: 'Bearer x',
    })
    expect(resolveSecrets(loaded, at(root, { REMIT_SECRET_GIT_HUB: 'y' }))['a']?.env['TOKEN']).toBe('y')
  })

  test('are named with their place when they are missing, or readable by others, or climb out', () => {
    const { secrets } = openStateFolder(root)
    expect(() => resolveSecrets(loaded, at(secrets))).toThrow(
      /^remit\.yaml:4:18: `servers\.a\.env\.TOKEN` needs the secret `git-hub`: run `remit secrets set git-hub`, or put it into /,
    )
    writeFileSync(join(secrets, 'git-hub'), 's3cr3t-value')
    chmodSync(join(secrets, 'git-hub'), 0o644)
    expect(() => resolveSecrets(loaded, at(secrets))).toThrow(/chmod 600/)
    expect(() => resolveSecrets(loaded, at(secrets))).not.toThrow(/s3cr3t-value/)
    const climbing = parseConfig(
      'r',
      'servers: {a: {command: x, env: {A: "secret:../keys/checkpoint.pem"}}}',
      {},
    )
    expect(() => resolveSecrets(climbing, at(secrets))).toThrow(/names a secret that cannot exist/)
  })
})
