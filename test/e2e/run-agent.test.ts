import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBubblewrap } from '../support/require-bubblewrap.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const canBox = hasBubblewrap()
if (!canBox) console.log('skipped: no sandbox of bubblewrap can be made here')

let gateway: RunningGateway
let home: string
let keyAgent: Server
let bystander: ChildProcess
const started: ChildProcess[] = []
beforeAll(async () => {
  gateway = await startGateway({ config: () => 'servers: {}' })
  home = mkdtempSync(join(tmpdir(), 'remit-user-'))
  for (const folder of ['.ssh', '.aws', '.claude']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, '.ssh', 'id_ed25519'), 'the-private-key')
  writeFileSync(join(home, '.aws', 'credentials'), 'the-cloud-key')
  writeFileSync(join(home, '.claude', 'settings.json'), '{"mine":true}')
  writeFileSync(join(home, '.claude', '.credentials.json'), '{"login":1}')
  keyAgent = createServer().listen(join(home, 'agent.sock'))
  await once(keyAgent, 'listening')
  bystander = spawn('sleep', ['600'], { stdio: 'ignore' })
}, 240_000)
afterAll(async () => {
  for (const each of [bystander, ...started]) each.kill('SIGKILL')
  keyAgent.close()
  rmSync(home, { recursive: true, force: true })
  await gateway.remove()
})

function start(flags: readonly string[], script: string, name = 'sh'): ChildProcess {
  const file = join(gateway.home, 'remit.yaml')
  const wish = ['--workflow', 'fix-tests', '--intent', 'mend the tests', '--workspace', gateway.home]
  const all = flags.includes('--task') ? flags : [...wish, ...flags]
  const args = ['run', '--config', file, ...all, '--', name, ...(name === 'sh' ? ['-c', script] : [])]
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    SSH_AUTH_SOCK: join(home, 'agent.sock'),
    AWS_SECRET_ACCESS_KEY: 'the-cloud-key',
    XDG_RUNTIME_DIR: '/run/user/0',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/0/bus',
  }
  const child = spawn(process.execPath, [join(ROOT, 'src', 'cli', 'main.ts'), ...args], {
    cwd: gateway.home,
    env,
  })
  started.push(child)
  return child
}

async function end(
  child: ChildProcess,
): Promise<{ code: number | null; out: string; err: string; task: string }> {
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, out, err, task: /tsk_[0-9a-z]+/.exec(err)?.[0] ?? '' }
}

/** Settles once the box has made a file. */
async function appears(path: string): Promise<void> {
  const watcher = watch(gateway.home)
  const changed = on(watcher)
  while (!existsSync(path)) await changed()
  watcher.close()
}
function on(watcher: ReturnType<typeof watch>): () => Promise<unknown> {
  let next = once(watcher, 'change')
  return async () => {
    await next
    next = once(watcher, 'change')
  }
}

const taskOf = (id: string): { environment: string; environmentProved: boolean; completed?: object } =>
  (JSON.parse(gateway.remit(['task', 'show', id, '--json']).stdout) as { task: ReturnType<typeof taskOf> })
    .task

/** Prints `name: <exit code>`, and what was printed if it worked. */
const attempt = (name: string, command: string): string =>
  `r=$( { ${command}; } 2>/dev/null); echo "${name}: $? $r"`

const HOOK = `printf '%s' '{"session_id":"s","cwd":"'$PWD'","tool_name":"Read","tool_input":{"file_path":"'$PWD'/notes.txt"},"tool_use_id":"u","hook_event_name":"PreToolUse"}' | ${ROOT}bin/remit-hook claude-code`
const HELLO =
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}'
const LIST = `'${HELLO}'`
const JSON_OR_STREAM = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const SENT = "-H 'content-type: application/json' -H 'accept: application/json, text/event-stream'"
const STATUS = `curl -q -s -o /dev/null -w '%{http_code}' ${SENT}`

describe.skipIf(!canBox)('R-BOX-1: an agent in the box of `remit run`', () => {
  test('has nothing of its human but the workspace, and its task, which counts as sandboxed', async () => {
    writeFileSync(join(gateway.home, 'notes.txt'), 'nothing special\n')
    const admin = gateway.adminUrl
    const script = [
      attempt('state', 'cat .remit/local-credential || ls .remit | grep .'),
      attempt('config', 'grep . remit.yaml'),
      attempt('ssh', 'cat ~/.ssh/id_ed25519'),
      attempt('aws', 'cat ~/.aws/credentials'),
      attempt('key-agent', `test -e ${home}/agent.sock`),
      attempt('env', 'env | grep -E "AWS|SSH|DBUS|XDG_RUNTIME|DPoP|local_"'),
      attempt('runtime', 'ls -A /run | grep .'),
      attempt('foreign', `cat /proc/${gateway.child.pid}/environ /proc/${gateway.child.pid}/cmdline`),
      attempt('processes', `grep -l "main[.]ts" /proc/[0-9]*/cmdline`),
      attempt('kill', `kill -9 ${bystander.pid}`),
      attempt('outside', `echo x > ${home}/left; echo x > /usr/left || echo x > /etc/left || echo x > /left`),
      attempt('capable', `grep -E 'CapEff:.*[1-9a-f]' /proc/self/status`),
      `echo admin: $(${STATUS} -H "authorization: Bearer $REMIT_TOKEN" ${admin}/tasks)`,
      `echo gateway: $(${STATUS} -H "authorization: Bearer $REMIT_TOKEN" -d ${LIST} ${gateway.agentUrl})`,
      `echo child: $(${STATUS} -H "authorization: Bearer $REMIT_TOKEN" -d '{}' $REMIT_AGENT_URL/delegate)`,
      `echo bind: $(${STATUS} -H "authorization: Bearer $REMIT_TOKEN" -d '{}' $REMIT_AGENT_URL/bind)`,
      `echo nobody: $(${STATUS} -d ${LIST} $REMIT_MCP_URL)`,
      attempt('hook', HOOK),
      attempt('connect', `echo ${LIST} | ${ROOT}bin/remit connect --url ${gateway.agentUrl}`),
      attempt('settings', 'cat ~/.claude/settings.json'),
      'echo written > made-inside',
      'echo "$REMIT_TOKEN $REMIT_MCP_URL" > telling; mv telling told',
      'until test -e done; do sleep 0.1; done',
      'exit 7',
    ].join('\n')
    const child = start([], script)
    const ended = end(child)
    await Promise.race([appears(join(gateway.home, 'told')), ended])
    const [token = '', url = ''] = readFileSync(join(gateway.home, 'told'), 'utf8').trim().split(' ')
    const outside = (target: string): Promise<number> =>
      fetch(target, {
        method: 'POST',
        headers: { ...JSON_OR_STREAM, authorization: `Bearer ${token}` },
        body: HELLO,
      }).then(({ status }) => status)
    expect(await Promise.all([outside(url), outside(gateway.agentUrl)])).toEqual([401, 401])
    writeFileSync(join(gateway.home, 'done'), '')
    const { code, out, err, task } = await ended
    const lines = out.split('\n').map((line) => line.replace(/^(hook|connect): 0 \{.*/, '$1: works'))
    expect({ err, lines }).toMatchObject({
      err: expect.stringMatching(/^remit: task \S+, sandboxed\n$/) as string,
    })
    const refused = ['state', 'config', 'ssh', 'aws', 'key-agent', 'env', 'runtime', 'foreign', 'processes']
    for (const name of [...refused, 'kill', 'outside', 'capable', 'settings']) {
      expect(lines.find((line) => line.startsWith(`${name}:`))).toMatch(/: [1-9]\d* $/)
    }
    expect(lines).toEqual(
      expect.arrayContaining([
        'admin: 401',
        'gateway: 401',
        'child: 404',
        'bind: 404',
        'nobody: 401',
        'hook: works',
        'connect: works',
      ]),
    )
    expect(bystander.exitCode ?? bystander.signalCode).toBe(null)
    expect(readFileSync(join(gateway.home, 'made-inside'), 'utf8')).toBe('written\n')
    expect(existsSync(join(home, 'left'))).toBe(false)
    expect(code).toBe(7)
    expect(taskOf(task)).toMatchObject({ environment: 'sandbox', environmentProved: true, completed: {} })
    const gone = gateway.remit(['audit', 'export', '--json']).stdout
    expect(gone).toMatch(/"sandboxed":true|\\"sandboxed\\":true/)
  })

  test('gets the signals that its human sends, and its settings are copies', async () => {
    const bin = join(gateway.home, 'bin')
    mkdirSync(bin, { recursive: true })
    const agent = `#!/bin/sh
trap 'echo stopped; exit 9' TERM
cat ~/.claude/settings.json
echo '{"hooks":"evil"}' > ~/.claude/settings.json
echo '{"login":2}' > ~/.claude/.credentials.json
touch started
while :; do sleep 0.1; done
`
    writeFileSync(join(bin, 'claude'), agent, { mode: 0o755 })
    const child = start(['--keep'], '', join(bin, 'claude'))
    const ended = end(child)
    await Promise.race([appears(join(gateway.home, 'started')), ended])
    child.kill('SIGTERM')
    const { code, out, task } = await ended
    expect([code, out]).toEqual([9, '{"mine":true}stopped\n'])
    expect(readFileSync(join(home, '.claude', 'settings.json'), 'utf8')).toBe('{"mine":true}')
    expect(readFileSync(join(home, '.claude', '.credentials.json'), 'utf8').trim()).toBe('{"login":2}')
    expect(taskOf(task)).not.toHaveProperty('completed')
    const again = await end(start(['--task', task], HOOK))
    expect(again).toMatchObject({ code: 0, err: `remit: task ${task}, sandboxed\n` })
    expect(taskOf(task)).toHaveProperty('completed')
  })
})

test('R-BOX-1: without a sandbox an agent is only started when that is said, and its task counts as what it is', async () => {
  const { code, err, task } = await end(start(['--no-sandbox'], `${HOOK} >/dev/null; kill -9 $$`))
  expect(err).toContain('not sandboxed')
  expect(code).toBe(137)
  expect(taskOf(task)).toMatchObject({ environment: 'laptop', environmentProved: false, completed: {} })
})

test('R-CRED-1, R-AGT-2: `remit doctor` says what such an agent has, by name alone, that its hooks were seen, and that a no of the gateway holds', () => {
  const command = join(ROOT, 'bin', 'remit-hook')
  const hooks = { PreToolUse: [{ hooks: [{ type: 'command', command: `${command} claude-code` }] }] }
  writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify({ hooks }))
  const { status, stdout } = gateway.remit(['doctor', '--json'], {
    HOME: home,
    AWS_SECRET_ACCESS_KEY: 'the-cloud-key',
    REMIT_TOKEN: gateway.task().token,
    REMIT_AGENT_URL: new URL(gateway.agentUrl).origin,
  })
  const { checks, credentials } = JSON.parse(stdout) as {
    checks: { name: string; result: string; says: string }[]
    credentials: { name: string }[]
  }
  expect(status).toBe(1)
  expect(checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'gateway', result: 'good' }),
      expect.objectContaining({ name: 'protection', result: 'note' }),
      expect.objectContaining({ name: 'hooks', result: 'good' }),
      {
        name: 'hooks',
        result: 'good',
        says: 'Claude Code: its hook asked the gateway, and a no held',
      },
    ]),
  )
  expect(credentials.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['AWS_SECRET_ACCESS_KEY', '~/.aws/credentials']),
  )
  expect(stdout).not.toContain('the-cloud-key')
})
