import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { IssuedTaskAnswer, RecordsAnswer, StatusAnswer } from '../../src/api/contract.ts'
import { runCommand } from '../../src/cli/run-command.ts'
import { HolderKey } from '../../src/identity/holder-key.ts'
import { heldFetch } from '../support/held-fetch.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { rawCall } from '../support/raw-call.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { WorkloadIssuer } from '../support/workload-issuer.ts'

const WAIT = { timeout: 20_000, interval: 25 }
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: an issuer with TLS needs the `openssl` program')

const file = new WorkloadIssuer('https://kubernetes.default.svc', 'cluster-1')
let web: WorkloadIssuer
let server: Server | undefined
let folder: string
let gateway: RunningGateway
/** What stands in remit.yaml before the gateway is asked to change it. */
let whole: string

/** The metadata and keys of an issuer, with TLS on a loopback port. */
async function serveIssuer(home: string): Promise<{ readonly url: string; readonly cert: string }> {
  const [key, cert] = [join(home, 'issuer-key.pem'), join(home, 'issuer-cert.pem')]
  const how = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', ['req', ...how, ...subject], { stdio: 'ignore' })
  const issuer = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const metadata = { issuer: web.url, jwks_uri: `${web.url}/keys` }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.url === '/keys' ? web.jwks : metadata))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  server = issuer
  return { url: `https://localhost:${(issuer.address() as AddressInfo).port}`, cert }
}

/** In the way of an editor that saves in one step. */
function save(text: string): void {
  const path = join(gateway.home, 'remit.yaml')
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

/** As Mona, who stays. Newest first. */
async function records(kind: string): Promise<RecordsAnswer['records']> {
  const answer = await fetch(`${gateway.adminUrl}/records?kind=${kind}`, {
    headers: { authorization: `Bearer mona:${APPROVER_CODE}` },
  })
  return ((await answer.json()) as RecordsAnswer).records
}

/** A command in this process, which is quicker than one for each. */
async function type(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(args, {
    environ: { PATH: process.env['PATH'], ...more },
    cwd: gateway.home,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { status, stdout, stderr }
}

const clusterToken = (over: object = {}) =>
  file.token(
    {
      aud: [new URL(gateway.agentUrl).origin],
      sub: 'system:serviceaccount:agents:runner',
      'kubernetes.io': { namespace: 'agents', serviceaccount: { name: 'runner' }, pod: { name: 'runner-1' } },
      ...over,
    },
    {},
    Date.now(),
  )

const begin = (token: string, args: readonly string[] = []) =>
  type(['task', 'create', '--intent', 'mend the tests', '--url', gateway.agentUrl, '--json', ...args], {
    REMIT_WORKLOAD_TOKEN: token,
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remit-issuer-'))
  const issuer = hasOpenssl ? await serveIssuer(folder) : undefined
  web = new WorkloadIssuer(issuer?.url ?? 'https://localhost:1', 'web-1')
  const upstream = join(import.meta.dirname, '..', 'support', 'waiting-stdio-server.ts')
  gateway = await startGateway({
    config: ({ home }) => `    owner: mona
    teams: { payments: {} }
workloads:
  runner:
    kind: kubernetes
    issuer: https://kubernetes.default.svc
    jwksFile: cluster-keys.json
    where: { kubernetes.io/namespace: agents, kubernetes.io/serviceaccount/name: runner }
    workflow: fix-tests
  web:
    kind: github
    issuer: ${web.url}
    allowPrivate: true
    where: { repository: acme/* }
    workflow: fix-tests
    human: { claim: actor_id, map: { "4711": alice } }
servers:
  one:
    command: ${process.execPath}
    args: ["${upstream}", "first", "${home}"]
    session: shared
    fileSystem: none
    trust: updates
    tools:
      say: { actions: [data.read] }
      wait: { actions: [data.read] }
`,
    prepare: (home) => {
      writeFileSync(join(home, 'cluster-keys.json'), JSON.stringify(file.jwks))
    },
    env: issuer === undefined ? {} : { NODE_EXTRA_CA_CERTS: issuer.cert },
  })
  whole = readFileSync(join(gateway.home, 'remit.yaml'), 'utf8')
}, 240_000)

afterAll(async () => {
  server?.close()
  await gateway.remove()
  rmSync(folder, { recursive: true })
})

test('R-ID-5: a pod begins a task with its projected token, calls a tool, and is named in the record of the call', async () => {
  const made = await begin(await clusterToken())
  expect(made.stderr).toBe('')
  const { task, token } = JSON.parse(made.stdout) as IssuedTaskAnswer
  expect(task).toMatchObject({
    human: 'mona',
    origin: 'workload',
    environment: 'ci',
    environmentProved: true,
  })
  const client = await connectClient(gateway.agentUrl, token, 'legacy')
  await callTool(client, 'one__say', {})
  await client.close()
  const [decision] = await records('decision')
  expect(decision).toMatchObject({
    detail: { facts: { workload: { kind: 'kubernetes', namespace: 'agents', pod: 'runner-1' } } },
  })
})

test('R-ID-4, R-ID-5: with a key file the task is held by that key from the start, and nobody else can use its token', async () => {
  const made = await begin(await clusterToken(), ['--key-file', 'job-key.pem'])
  expect(made.stderr).toBe('')
  const { task, token } = JSON.parse(made.stdout) as IssuedTaskAnswer
  const key = HolderKey.fromPem(readFileSync(join(gateway.home, 'job-key.pem'), 'utf8'))
  expect(task.holder).toBe(key.thumbprint)
  const list = { name: 'one__say', arguments: {} }
  expect((await rawCall(gateway.agentUrl, token, list)).status).toBe(401)
  const held = heldFetch(gateway.agentUrl, token, key)
  expect((await rawCall(gateway.agentUrl, token, list, held)).status).toBe(200)
})

test('R-ID-5: what a workload may not is refused with what to do: replay, another namespace, another workflow', async () => {
  const token = await clusterToken()
  expect((await begin(token)).status).toBe(0)
  expect((await begin(token)).stderr).toContain('has begun a task already')
  const other = await clusterToken({
    sub: 'system:serviceaccount:default:runner',
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'runner' } },
  })
  expect((await begin(other)).stderr).toContain('its `kubernetes.io/namespace` is `default`')
  expect((await begin(await clusterToken(), ['--workflow', 'deploy'])).stderr).toContain('not of `deploy`')
  expect((await begin(await clusterToken({ aud: 'https://other.example' }))).stderr).toContain('must be for')
})

test.skipIf(!hasOpenssl)(
  'R-ID-5, R-SEC-1: keys are found by discovery over TLS, and the answer is the one of token exchange',
  async () => {
    const origin = new URL(gateway.agentUrl).origin
    const token = await web.token({ aud: origin }, {}, Date.now())
    const answer = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        subject_token: token,
        intent: 'mend the tests',
      }),
    })
    expect(await answer.json()).toMatchObject({
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      task: {
        human: 'alice',
        scope: { repositories: [expect.stringMatching(/^localhost:\d+\/acme\/api$/)] },
      },
    })
    // Whatever is of no workload goes on to the authorization server as it came.
    const refused = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'nobody' }),
    })
    expect(await refused.json()).toMatchObject({ error: 'invalid_client' })
  },
)

test('R-ID-6: whoever loses a team or a role loses it with the next call of a running task, and a bad file changes nothing', async () => {
  const { token } = gateway.task()
  const client = await connectClient(gateway.agentUrl, token, 'legacy')
  expect((await callTool(client, 'one__say', {})).isError).not.toBe(true)
  const teams = async (): Promise<unknown> => (await records('decision'))[0]?.detail?.human
  expect(await teams()).toEqual({ teams: ['payments'], roles: ['member'] })
  const moved = whole.replace('teams: [payments]\n    roles: [member]', 'teams: [search]\n    roles: []')
  save(moved)
  await vi.waitFor(async () => expect(await records('directory.changed')).toHaveLength(1), WAIT)
  expect((await records('directory.changed'))[0]).toMatchObject({
    envelope: { actor: 'config-file', data: { humans: { added: [], removed: [], changed: ['alice'] } } },
  })
  await callTool(client, 'one__say', {})
  expect(await teams()).toEqual({ teams: ['search'], roles: [] })
  const made = await type(['task', 'create', '--workflow', 'fix-tests', '--intent', 'x'])
  expect(made.stderr).toContain('is for people of `payments`')

  save(moved.replace('owner: mona', 'owner: nobody'))
  const refused = async (): Promise<string | undefined> =>
    (JSON.parse((await type(['status', '--json'])).stdout) as StatusAnswer).config.refused
  await vi.waitFor(async () => expect(await refused()).toBeDefined(), WAIT)
  expect(await refused()).toMatch(/^remit\.yaml:\d+:\d+: `workflows\.fix-tests\.owner` names `nobody`/)
  await callTool(client, 'one__say', {})
  expect(await teams()).toEqual({ teams: ['search'], roles: [] })
  await client.close()
}, 60_000)

test('R-ID-6: the tasks of a human who is taken out stop, nobody inherits the credential on disk, and a workload that goes begins nothing', async () => {
  const pod = await clusterToken()
  const mine = JSON.parse((await begin(await clusterToken())).stdout) as IssuedTaskAnswer
  const client = await connectClient(gateway.agentUrl, mine.token, 'legacy')
  expect((await callTool(client, 'one__say', {})).isError).not.toBe(true)
  const { length } = await records('directory.changed')
  const from = whole.indexOf('  runner:\n')
  const without = whole
    .replace(/ {2}- id: alice\n.*\n.*\n/, '')
    .replace('"4711": alice', '"4711": mona')
    .replace(whole.slice(from, whole.indexOf('  web:\n')), '')
  save(without)
  await vi.waitFor(
    async () => expect((await begin(pod)).stderr).toContain('no workload of the configuration'),
    WAIT,
  )
  expect((await type(['status'])).stderr).toContain('stands for `alice`, who is not in `humans` any more')
  // Mona’s goes on.
  expect((await callTool(client, 'one__say', {})).isError).not.toBe(true)
  save(whole)
  await vi.waitFor(async () => expect((await type(['status'])).status).toBe(0), WAIT)
  const alices = gateway.task()
  save(without)
  await vi.waitFor(async () => expect((await type(['status'])).status).toBe(1), WAIT)
  await expect(connectClient(gateway.agentUrl, alices.token, 'legacy')).rejects.toThrow(
    'is not known here any more',
  )
  save(whole)
  await vi.waitFor(async () => expect((await type(['status'])).status).toBe(0), WAIT)
  expect((await records('directory.changed')).length).toBeGreaterThan(length)
  await client.close()
}, 120_000)
