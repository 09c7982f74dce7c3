import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, ROOT, type RunningGateway, startGateway } from '../support/running-gateway.ts'

const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
const KEYED = join(ROOT, 'test', 'support', 'keyed-stdio-server.ts')

let gateway: RunningGateway
let client: Client
let file: string
const before = (): string =>
  JSON.stringify(
    { mcpServers: { team: { command: process.execPath, args: [KEYED], env: { TEAM_TOKEN: TOKEN } } } },
    undefined,
    2,
  )

beforeAll(async () => {
  gateway = await startGateway({
    policies: ['open'],
    prepare: (home) => {
      mkdirSync(join(home, 'open'))
      writeFileSync(join(home, 'open', 'all.cedar'), '@id("all")\npermit (principal, action, resource);\n')
      mkdirSync(join(home, '.claude'))
    },
    config: () => 'servers: {}\n',
  })
  file = join(gateway.workspace, '.mcp.json')
  writeFileSync(file, before())
  client = await connectClient(gateway.agentUrl, gateway.task().token, 'legacy')
}, 120_000)

afterAll(async () => {
  await client.close()
  await gateway.remove()
})

async function init(args: readonly string[], code = `mona:${APPROVER_CODE}`) {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(['init', ...args, '--config', join(gateway.home, 'remit.yaml')], {
    environ: { PATH: '', HOME: gateway.home, REMIT_APPROVER: code },
    cwd: gateway.workspace,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { status, stdout, stderr }
}

/** Files of the home that have a text in them, in whatever form it is likely to be kept. */
function filesWith(text: string): readonly string[] {
  const forms = [text, Buffer.from(text).toString('base64').slice(0, 52), Buffer.from(text).toString('hex')]
  return readdirSync(gateway.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path, 'latin1')
      return forms.some((form) => bytes.includes(form))
    })
}

test('R-AGT-2: what would change is shown without a secret, and nothing is changed before somebody agreed', async () => {
  const shown = await init(['--dry-run'])
  expect(shown).toMatchObject({ status: 0, stderr: '' })
  expect(shown.stdout).toContain('"TEAM_TOKEN": "[secret]"')
  expect(shown.stdout).toMatch(/^team moves from .*\.mcp\.json:3:5; secrets: team-team-token$/m)
  expect(shown.stdout).not.toContain(TOKEN)
  expect(await init([])).toMatchObject({ status: 2, stderr: expect.stringContaining('say `--yes`') })
  expect(await init(['--yes'], 'mona:not-the-code-of-mona')).toMatchObject({ status: 1 })
  expect(readFileSync(file, 'utf8')).toBe(before())
  expect(readFileSync(join(gateway.home, 'remit.yaml'), 'utf8')).toContain('servers: {}')
})

test('R-AGT-2: a server with a secret in its environment is called through the gateway, and no file of the home has the secret', async () => {
  expect(filesWith(TOKEN)).toEqual([file])
  const done = await init(['--yes', '--trust', 'first-use'])
  expect(done).toMatchObject({ status: 0, stderr: '' })
  expect(done.stdout).toContain('in force now')
  expect(done.stdout).toContain(`connect --agent claude-code --url ${gateway.agentUrl} --login-file`)
  const digest = createHash('sha256').update(TOKEN).digest('hex')
  expect(await callTool(client, 'team__digest', {})).toEqual({ isError: false, text: digest })
  expect(filesWith(TOKEN)).toEqual([])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ mcpServers: {} })
  expect(await init(['--yes'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/nothing to change\n$/),
  })
})

test('R-AGT-2: undone, the agent has its server again, and the gateway has it no more', async () => {
  const undone = await init(['--undo', '--yes'])
  expect(undone).toMatchObject({ status: 0, stderr: '' })
  expect(undone.stdout).toContain(
    'the secret team-team-token stays in the store: remit secrets remove team-team-token',
  )
  expect(readFileSync(file, 'utf8')).toBe(before())
  expect(await callTool(client, 'team__digest', {}).catch((error: Error) => error.message)).toContain('team')
  expect(await init(['--undo', '--yes'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no run'),
  })
  // The value that it left in the store is replaced.
  expect(await init(['--yes', '--json'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('"status":"changed"'),
  })
})

test('R-AGT-2: where neither a configuration nor a gateway is, none is made in passing', async () => {
  const folder = join(gateway.home, 'elsewhere')
  mkdirSync(folder)
  let stderr = ''
  const status = await runCommand(['init', '--yes'], {
    environ: { PATH: '', HOME: gateway.home },
    cwd: folder,
    out: () => {},
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  expect({ status, made: readdirSync(folder) }).toEqual({ status: 1, made: [] })
  expect(stderr).toContain('name the gateway’s file with --config')
})
