import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { ROOT } from '../support/running-gateway.ts'

let home: string

/** Packs what would be published and installs it, without development dependencies, into a folder of its own. */
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'remit-package-')))
  const npm = (args: readonly string[], cwd: string): void => {
    execFileSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
  }
  npm(['pack', '--pack-destination', home], ROOT)
  const tarball = readdirSync(home).find((file) => file.endsWith('.tgz')) ?? ''
  writeFileSync(join(home, 'package.json'), '{ "private": true }')
  npm(['install', join(home, tarball), '--omit=dev', '--ignore-scripts'], home)
}, 240_000)

afterAll(() => rmSync(home, { recursive: true, force: true }))

function remit(args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const entry = join(home, 'node_modules', 'remit-gateway', 'bin', 'remit')
  const result = spawnSync(process.execPath, [entry, ...args], { cwd: home, encoding: 'utf8' })
  return { status: result.status, output: result.stdout + result.stderr }
}

test('the tarball holds no sources, tests or development files', () => {
  const installed = readdirSync(join(home, 'node_modules', 'remit-gateway'))
  expect(installed.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'agents',
    'bin',
    'dist',
    'package.json',
    'pages',
    'policies',
    'schemas',
  ])
})

test('R-UX-3: the installed program runs, and its policy worker starts', () => {
  expect(remit(['version'])).toMatchObject({ status: 0 })
  const pack = join(home, 'node_modules', 'remit-gateway', 'policies', 'coding-agent')
  expect(remit(['policy', 'check', pack])).toMatchObject({ status: 0 })
})

test('R-UX-3: the installed gateway starts with its ledger worker, and its ledger verifies', async () => {
  const [agent, admin] = [await freePort(), await freePort()]
  const config = join(home, 'remit.yaml')
  writeFileSync(config, `listen:\n  agent: 127.0.0.1:${agent}\n  admin: localhost:${admin}\n`)
  const entry = join(home, 'node_modules', 'remit-gateway', 'bin', 'remit')
  const child = spawn(process.execPath, [entry, 'start', '--config', config], { cwd: home, stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  try {
    await expect
      .poll(
        () =>
          fetch(`http://localhost:${admin}/readyz`).then(
            (answer) => answer.status,
            () => 0,
          ),
        {
          timeout: 120_000,
        },
      )
      .toBe(200)
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toBe(0)
  expect(remit(['audit', 'verify', '--config', config])).toMatchObject({ status: 0 })
}, 240_000)
