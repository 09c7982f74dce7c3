import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'

const CLIENT = join(ROOT, 'bin', 'remit-hook')
/** Where there is a shell and nothing else. */
const bare = mkdtempSync(join(tmpdir(), 'remit-bare-'))
symlinkSync('/bin/sh', join(bare, 'sh'))
afterAll(() => rmSync(bare, { recursive: true }))

const TOKEN = 'rmt_of-nobody'
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9'

function run(
  agent: string,
  env: NodeJS.ProcessEnv,
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [CLIENT, agent], {
    env,
    input: '{}',
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('R-AGT-1: whatever is missing, the client says no in the words of its agent', () => {
  const usual = { PATH: process.env['PATH'] }
  const cases: [string, NodeJS.ProcessEnv, RegExp][] = [
    ['no token', usual, /no task/],
    [
      'a file of a token that is not there',
      { ...usual, REMIT_TOKEN_FILE: join(bare, 'none') },
      /cannot be read/,
    ],
    [
      'no gateway',
      { ...usual, REMIT_TOKEN: TOKEN, REMIT_AGENT_URL: NOWHERE },
      /does not answer|fetch failed/,
    ],
    ['a URL with quotes', { ...usual, REMIT_TOKEN: TOKEN, REMIT_AGENT_URL: `${NOWHERE}/"x\\\n` }, /remit: /],
    ['no program at all', { PATH: bare, REMIT_TOKEN: TOKEN, REMIT_AGENT_URL: NOWHERE }, /could not be run/],
  ]

  test.each(cases)('%s: Cline reads it on stdout', (_, env, words) => {
    const { status, stdout, stderr } = run('cline', env)
    expect(JSON.parse(stdout)).toMatchObject({
      cancel: true,
      errorMessage: expect.stringMatching(/^remit: /),
    })
    expect(status).toBe(2)
    expect(stderr).toMatch(words)
  })

  test.each(cases)('%s: Copilot CLI reads its reason on stdout', (_, env) => {
    const { status, stdout } = run('copilot-cli', env)
    expect(JSON.parse(stdout)).toMatchObject({
      permissionDecision: 'deny',
      permissionDecisionReason: expect.stringMatching(/^remit: /),
    })
    expect(status).toBe(2)
  })

  test.each(cases)('%s: the others take exit code 2, and read nothing on stdout', (_, env, words) => {
    expect(run('claude-code', env)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(words),
    })
  })

  test.each([
    ['cline', '9999', '100'],
    ['cline', '30', '30'],
    ['codex', '9999', '9999'],
  ])(
    '%s, told to wait %s seconds: the client waits %s, for Cline runs the tool after 120',
    (agent, said, waits) => {
      const asked = join(bare, `asked-${agent}-${said}`)
      const folder = mkdtempSync(join(bare, 'curl-'))
      writeFileSync(join(folder, 'curl'), `#!/bin/sh\necho "$*" > '${asked}'\nexit 7\n`, { mode: 0o755 })
      const PATH = `${folder}:${process.env['PATH'] ?? ''}`
      run(agent, { PATH, REMIT_TOKEN: TOKEN, REMIT_AGENT_URL: NOWHERE, REMIT_HOOK_DEADLINE: said })
      expect(readFileSync(asked, 'utf8')).toContain(` --max-time ${waits} `)
    },
  )

  test.each([
    ['the script', [CLIENT, 'cline']],
    ['on Node', [process.execPath, join(ROOT, 'agents', 'hook-client.js'), 'cline']],
  ])('Cline’s background process has the token of another run, and so none: %s', (_, client) => {
    const [program, ...args] = client
    const hub = `require('node:child_process').spawnSync(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: 'inherit' })`
    const { stdout } = spawnSync(process.execPath, ['-e', hub, '--', '--cline-hub-daemon'], {
      env: { ...usual, REMIT_TOKEN: TOKEN, REMIT_AGENT_URL: NOWHERE },
      input: '{}',
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toMatchObject({
      cancel: true,
      errorMessage: expect.stringMatching(/another run/),
    })
  })
})
