import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeProgram } from './describe-program.ts'
import { namedPackage } from './named-package.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-program-'))
  mkdirSync(join(folder, 'thing', 'dist'), { recursive: true })
  writeFileSync(join(folder, 'thing', 'package.json'), '{"name":"thing","version":"1.2.0"}')
  writeFileSync(join(folder, 'thing', 'dist', 'index.js'), 'one')
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('R-MCP-4: a script is told by its content and its package’s version, whatever interprets it', async () => {
  const script = join(folder, 'thing', 'dist', 'index.js')
  const run = { program: process.execPath, args: [script, '/work'], cwd: folder }
  const before = await describeProgram(run)
  expect(before).toMatchObject({ script, package: 'thing@1.2.0', args: [script, '/work'] })
  expect(await describeProgram(run)).toEqual(before)
  writeFileSync(script, 'two')
  expect((await describeProgram(run))['sha256']).not.toBe(before['sha256'])
})

test('R-SEC-1: what an argument calls a credential is not put on record', async () => {
  const args = ['--api-key', 'k-1', '--token=k-2', '--url=https://example.com', 'plain']
  const described = await describeProgram({ program: process.execPath, args, cwd: folder })
  expect(described['args']).toEqual([
    '--api-key',
    '[hidden]',
    '--token=[hidden]',
    '--url=https://example.com',
    'plain',
  ])
})

test.each([
  ['npx', ['-y', '@scope/server', '/dir'], { spec: '@scope/server', exact: false }],
  ['/usr/bin/npx', ['-y', '@scope/server@1.2.3', '/dir'], { spec: '@scope/server@1.2.3', exact: true }],
  ['npx', ['--package=thing@^1.2.3', 'thing'], { spec: 'thing@^1.2.3', exact: false }],
  ['npx', ['thing@latest'], { spec: 'thing@latest', exact: false }],
  ['pnpm', ['dlx', 'thing@1.2.3'], { spec: 'thing@1.2.3', exact: true }],
  ['uvx', ['--from', 'thing==0.4.1', 'thing-cli'], { spec: 'thing==0.4.1', exact: true }],
  ['uvx', ['thing'], { spec: 'thing', exact: false }],
  ['docker', ['run', '-i', '--rm', '-e', 'TOKEN', 'ghcr.io/a/b'], { spec: 'ghcr.io/a/b', exact: false }],
  ['node', ['index.js'], undefined],
  ['npm', ['run', 'server'], undefined],
])('R-MCP-2: %s %j fetches %j', (command, args, expected) => {
  expect(namedPackage(command, args)).toEqual(expected)
})
