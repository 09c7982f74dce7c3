import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packFolder } from '../policy/samples.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { fillWorkspace, realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const APPROVER = { REMIT_APPROVER: APPROVER_CODE }
const RULES = `@id("call-tools") @reason("tools may be called") permit (principal, action == Action::"tool.call", resource);
@id("read-files") @reason("files may be read") permit (principal, action in Action::"read", resource);
@id("secrets") @reason("secrets are for people") forbid (principal is Task, action, resource)
  when { resource.labels.contains("secret") };
`

let gateway: RunningGateway
let denied: string

beforeAll(async () => {
  gateway = await startGateway({ config: (at) => realServers(at), policies: [await packFolder(RULES)] })
  fillWorkspace(gateway.workspace)
  const made = gateway.task()
  const client = await connectClient(gateway.agentUrl, made.token, 'modern')
  const read = (path: string) =>
    callTool(client, 'filesystem__read_text_file', { path: join(gateway.workspace, path) })
  for (const path of ['src/add.ts', 'src/add.ts', '.env', '.env']) await read(path)
  denied = /dec_\w+/.exec((await read('.env')).text)?.[0] ?? ''
  await client.close()
}, 240_000)

afterAll(() => gateway.remove())

test('R-AUD-4: `remit why` says what decided and whom to ask, by id and of the newest stop; what is not clear is reported into the review', () => {
  const [named, last] = [gateway.remit(['why', denied]), gateway.remit(['why', '--last'])]
  expect([named.status, named.stdout]).toEqual([0, last.stdout])
  expect(named.stdout).toContain('secrets')
  expect(named.stdout).toContain('.env')
  expect(named.stdout).toMatch(/ask/i)
  expect(gateway.remit(['why', 'dec_none'])).toMatchObject({ status: 1 })
  const reported = gateway.remit(['why', denied, '--report', 'why is a sample a secret?'])
  expect([reported.status, reported.stdout]).toEqual([0, `reported ${denied} for the next review\n`])
})

test('R-AUD-4: `remit review` lists it with the rest, its items are marked, and it is signed off by its digest', () => {
  const shown = gateway.remit(['review'], APPROVER)
  expect([shown.status, shown.stdout]).toEqual([0, expect.stringContaining('why is a sample a secret?')])
  expect(shown.stdout).toMatch(/read_text_file` was denied 3 × by .*secrets/)
  expect(shown.stdout).toContain('nobody has signed off a review yet')
  expect(shown.stdout).not.toContain('permits that let nothing through')
  const [item = ''] = /rvi_[0-9a-f]{16}/.exec(shown.stdout) ?? []
  const mark = ['review', 'mark', item, 'accepted', '--comment', 'a fixture', '--until', '90d']
  expect(gateway.remit(mark)).toMatchObject({ status: 1 })
  expect(gateway.remit(mark, APPROVER)).toMatchObject({ status: 0, stdout: `${item} is accepted\n` })
  const signed = gateway.remit(['review', 'sign-off', '--comment', 'looked at'], APPROVER)
  expect([signed.status, signed.stdout]).toEqual([0, expect.stringMatching(/^signed off [0-9a-f]{16}; /)])
  expect(gateway.remit(['review'], APPROVER).stdout).toContain('last signed off by mona')
})

test('R-POL-8: `remit policy replay` says what other policies would have made of it, from files and by the gateway, with progress and an exit for pipelines', () => {
  const folder = join(gateway.home, 'new')
  mkdirSync(folder)
  const rule = '@id("all") @reason("x") permit (principal, action, resource);\n'
  writeFileSync(join(folder, 'all.cedar'), rule)
  const replay = (...more: readonly string[]) =>
    gateway.remit(['policy', 'replay', '--policies', 'new', ...more])
  const [read, live] = [replay('--fail-on', 'loosened'), replay('--live')]
  expect([read.status, live.status]).toEqual([1, 0])
  expect(read.stdout).toMatch(/deny ▸ allow by .*secrets \(3 decisions\)[^]*\.env/)
  expect(live.stdout).toBe(read.stdout)
  writeFileSync(join(folder, 'all.cedar'), 'permit (principal')
  const broken = replay('--live')
  expect([broken.status, broken.stderr]).toEqual([1, expect.stringContaining('all.cedar:1')])
})

test('R-POL-8: `remit policy propose` prints the least that was needed, which passes `policy check` and permits it again', () => {
  const proposed = gateway.remit(['policy', 'propose', '--workflow', 'fix-tests', '--out', 'proposed'])
  expect(proposed.status).toBe(0)
  expect(proposed.stderr).toContain('made from 2 calls')
  const text = readFileSync(join(gateway.home, 'proposed', 'proposal.cedar'), 'utf8')
  expect(text).toMatch(/File::".*src\/add\.ts"/)
  expect(text).not.toMatch(/permit[^;]*File::"[^"]*\.env"/)
  expect(gateway.remit(['policy', 'check', 'proposed'])).toMatchObject({ status: 0 })
})
