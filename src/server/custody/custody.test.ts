import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../load-config.ts'
import { type Keys, loadKeys } from '../keys.ts'
import { loadSecretKeys } from '../secret-keys.ts'
import type { KeyFiles } from './key-files.ts'
import { keychain } from './keychain.ts'
import { openKeyFiles } from './open-key-files.ts'

/** Vault's transit engine as far as its documentation says: wraps under the newest version of a key, opens any. */
class FakeVault {
  readonly versions: Buffer[] = [randomBytes(32)]
  readonly server: Server
  token = 'hvs.right'
  url = ''

  constructor() {
    this.server = createServer((request, response) => {
      let text = ''
      request.on('data', (data: Buffer) => (text += data.toString()))
      request.on('end', () => {
        const [status, answer] = this.#answer(request.url ?? '', request.headers['x-vault-token'], text)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      })
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve)
    })
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  #answer(path: string, token: unknown, text: string): readonly [number, unknown] {
    if (token !== this.token) return [403, { errors: ['permission denied'] }]
    const body = JSON.parse(text) as { plaintext?: string; ciphertext?: string }
    if (path === '/v1/transit/encrypt/remit')
      return [200, { data: { ciphertext: this.#seal(body.plaintext) } }]
    if (path === '/v1/transit/decrypt/remit')
      return [200, { data: { plaintext: this.#open(body.ciphertext) } }]
    return [404, { errors: ['no handler for route'] }]
  }

  #seal(plaintext = ''): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.versions.at(-1) as Buffer, nonce)
    const sealed = Buffer.concat([cipher.update(plaintext, 'base64'), cipher.final()])
    return `vault:v${this.versions.length}:${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')}`
  }

  #open(ciphertext = ''): string {
    const [, version = '', sealed = ''] = /^vault:v(\d+):(.*)$/.exec(ciphertext) ?? []
    const bytes = Buffer.from(sealed, 'base64')
    const key = this.versions[Number(version) - 1] as Buffer
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('base64')
  }
}

/** Programs that speak as the real ones do, on the PATH; each call is noted with its arguments. */
const KEEPER = `#!${process.execPath}
const fs = require('node:fs')
const [, program, ...args] = process.argv
const place = __dirname + '/kept.json'
const kept = fs.existsSync(place) ? JSON.parse(fs.readFileSync(place)) : {}
fs.appendFileSync(__dirname + '/calls', args.join(' ') + '\\n')
const input = fs.readFileSync(0, 'utf8')
const name = require('node:path').basename(program)
const put = (item, value) => { kept[item] = value; fs.writeFileSync(place, JSON.stringify(kept)) }
const get = (item) => { if (!(item in kept)) { console.error('not found'); process.exit(44) } console.log(kept[item]) }
if (name === 'security' && args[0] === '-i') {
  const [, item, value] = /^add-generic-password -a remit -s (\\S+) -w (\\S+)\\n$/.exec(input)
  put(item, value)
} else if (name === 'security') get(args[args.indexOf('-s') + 1])
else if (name === 'secret-tool' && args[0] === 'store') put(args.slice(2).join(), input)
else if (name === 'secret-tool') get(args.slice(1).join())
else if (name === 'powershell') console.log(Buffer.from(input.trim(), 'base64').reverse().toString('base64'))
else if (args.at(-1) === 'wrap') { put('mine', input.trim()); console.log('a reference') }
else if (input === 'a reference\\n') get('mine')
else process.exit(3)
`

const vault = new FakeVault()
let bin: string
let home: string

beforeAll(() => vault.listen())

afterAll(() => {
  vault.server.close()
})

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'remit-custody-'))
  bin = join(home, 'bin')
  mkdirSync(bin)
  for (const name of ['security', 'secret-tool', 'powershell', 'keeper']) {
    writeFileSync(join(bin, name), KEEPER)
    chmodSync(join(bin, name), 0o700)
  }
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

const VAULT = (): string => `{ in: vault, vault: { url: '${vault.url}', key: remit } }`
const COMMAND = '{ in: command, command: [keeper] }'

function open(
  keys: string,
  environ: Record<string, string> = { VAULT_TOKEN: vault.token },
): Promise<KeyFiles> {
  writeFileSync(join(home, 'remit.yaml'), `keys: ${keys}\n`)
  return openKeyFiles(loadConfig({ cwd: home, environ }), environ)
}

const folder = (): string => join(home, '.remit', 'keys')

/** All that a gateway has, as text. */
function texts(files: KeyFiles): { readonly keys: Keys; readonly all: readonly string[] } {
  const keys = loadKeys(folder(), files)
  const [master] = loadSecretKeys(folder(), {}, files)
  const pem = (key: Keys['checkpoint']): string => key.privateKey.export({ type: 'pkcs8', format: 'pem' })
  return {
    keys,
    all: [
      pem(keys.checkpoint),
      pem(keys.taskToken),
      Buffer.from(keys.requestState).toString('base64'),
      JSON.stringify(master),
    ],
  }
}

/** Whatever lies in the folder of the keys. */
function onDisk(): string {
  return readdirSync(folder())
    .map((name) => `${name}\n${readFileSync(join(folder(), name), 'latin1')}`)
    .join('\n')
}

describe('R-SEC-1: keys that somebody else keeps', () => {
  test.each(['darwin', 'linux', 'win32'] as const)(
    'are in the keychain of %s and come back, and are never an argument',
    async (platform) => {
      const keeper = keychain(platform)
      const key = randomBytes(32)
      const wrapped = await keeper.wrap(key)
      expect(Buffer.from(await keeper.unwrap(wrapped))).toEqual(key)
      expect(readFileSync(join(bin, 'calls'), 'utf8')).not.toContain(key.toString('base64'))
      if (platform === 'win32') return
      await expect(keeper.unwrap('remit-other')).rejects.toThrow('not found')
    },
  )

  test.each([
    ['Vault', VAULT],
    ['a program', () => COMMAND],
  ])(
    'by %s are sealed on the disk, those of before too, and the same with the next start',
    async (_, custody) => {
      const before = texts(await open('{}'))
      const after = texts(await open(custody()))
      expect(after.all).toEqual(before.all)
      const disk = onDisk()
      expect(disk).not.toContain('PRIVATE KEY')
      expect(disk).not.toContain(before.all[2])
      expect(readdirSync(folder()).toSorted()).toEqual([
        'checkpoint-public.pem',
        'checkpoint.pem.sealed',
        'request-state.key.sealed',
        'secrets.key.sealed',
        'task-token.pem.sealed',
        'wrapped-key.json',
      ])
      expect(texts(await open(custody())).all).toEqual(before.all)
    },
  )

  test('open after Vault rotated its key, and not without Vault, its token or its key: nothing starts or is made anew', async () => {
    const { all } = texts(await open(VAULT()))
    vault.versions.push(randomBytes(32))
    expect(texts(await open(VAULT())).all).toEqual(all)
    const disk = onDisk()
    const gone = VAULT().replace(/:\d+'/, ":9'")
    for (const [keys, environ, why] of [
      [VAULT(), { VAULT_TOKEN: 'hvs.wrong' }, 'permission denied'],
      [VAULT(), {}, 'VAULT_TOKEN'],
      [gone, { VAULT_TOKEN: vault.token }, 'cannot be reached'],
      [VAULT().replace('key: remit', 'key: other'), { VAULT_TOKEN: vault.token }, 'no handler'],
      [
        VAULT().replace(/http:\/\/[^']*/, 'http://vault.example'),
        { VAULT_TOKEN: vault.token },
        'must be https',
      ],
    ] as const) {
      await expect(open(keys, environ)).rejects.toMatchObject({
        code: 'key_unusable',
        message: expect.stringContaining(why),
      })
    }
    await expect(open(COMMAND)).rejects.toMatchObject({ code: 'key_unusable', message: /keys.from/ })
    await expect(open('{}')).rejects.toMatchObject({ code: 'key_unusable', message: /keys.from/ })
    expect(onDisk()).toBe(disk)
  })

  test('that were changed, put under another name, or whose own key is gone are refused, not made anew', async () => {
    texts(await open(COMMAND))
    const [checkpoint, token] = ['checkpoint.pem.sealed', 'task-token.pem.sealed'].map((name) =>
      join(folder(), name),
    )
    const bytes = readFileSync(checkpoint ?? '')
    writeFileSync(token ?? '', bytes)
    const swapped = await open(COMMAND)
    expect(() => loadKeys(folder(), swapped)).toThrow(/task-token.pem.sealed. was changed/)
    bytes[40] = (bytes[40] ?? 0) ^ 1
    writeFileSync(checkpoint ?? '', bytes)
    expect(() => loadKeys(folder(), swapped)).toThrow(/checkpoint.pem.sealed. was changed/)
    rmSync(join(folder(), 'wrapped-key.json'))
    for (const keys of [COMMAND, '{}']) {
      await expect(open(keys)).rejects.toMatchObject({
        code: 'key_unusable',
        message: /wrapped-key.json. is missing/,
      })
    }
  })

  test('move from one keeper to another and back into files, and stay where the new one cannot be had', async () => {
    const { all } = texts(await open(VAULT()))
    const missing = `{ in: command, command: [no-such-program], from: ${VAULT()} }`
    await expect(open(missing)).rejects.toMatchObject({ code: 'key_unusable', message: /not installed/ })
    expect(texts(await open(VAULT())).all).toEqual(all)
    expect(texts(await open(COMMAND.replace('}', `, from: ${VAULT()} }`))).all).toEqual(all)
    expect(onDisk()).not.toContain('PRIVATE KEY')
    expect(texts(await open(COMMAND)).all).toEqual(all)
    expect(texts(await open(`{ from: ${COMMAND} }`)).all).toEqual(all)
    expect(texts(await open('{}')).all).toEqual(all)
    expect(readdirSync(folder()).filter((name) => /sealed|wrapped/.test(name))).toEqual([])
  })
})
