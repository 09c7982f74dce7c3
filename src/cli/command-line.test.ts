import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { COMMON_FLAGS } from './command.ts'
import { COMMAND_PATHS, loadCommands } from './commands.ts'
import { plainLine, plainText } from './plain-text.ts'
import { runCommand } from './run-command.ts'

const REMIT = fileURLToPath(new URL('../../bin/remit', import.meta.url))
const COMMANDS = await loadCommands()
const home = mkdtempSync(join(tmpdir(), 'remit-cli-'))

/** `bin/remit` as a user runs it, with nothing of this process's environment but the path. */
function remit(args: readonly string[], environ: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [REMIT, ...args], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environ },
  })
  return { stdout, stderr, status }
}

/** The same without a process, where only words matter. */
async function run(args: readonly string[], environ: Readonly<Record<string, string>> = {}) {
  let stdout = ''
  let stderr = ''
  const status = await runCommand(args, {
    environ,
    cwd: home,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { stdout, stderr, status }
}

describe('R-UX-3: help', () => {
  test('has every command under the words that call it', () => {
    expect(COMMANDS.map(({ path }) => path)).toEqual(COMMAND_PATHS)
  })

  test('of the program names every command and the exit codes', () => {
    const { stdout, status } = remit(['--help'])
    expect(status).toBe(0)
    for (const { path } of COMMANDS) expect(stdout).toContain(`  ${path}`)
    expect(stdout).toContain('0 done, 1 refused or failed, 2 used wrongly')
  })

  test.each(COMMANDS.map((command) => [command.path, command] as const))('of `%s`', async (path, command) => {
    const { stdout, status } = await run([...path.split(' '), '--help'])
    expect(status).toBe(0)
    for (const { name } of [...command.flags, ...COMMON_FLAGS]) expect(stdout).toContain(`--${name}`)
    for (const { name, optional, rest } of command.positionals) {
      const shown = rest === true ? `[-- ${name}…]` : optional === true ? `[${name}]` : `<${name}>`
      expect(stdout).toContain(shown)
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(140)
  })

  test('of a group lists its commands only', async () => {
    const { stdout } = await run(['task', '--help'])
    expect(stdout).toContain('task revoke <task>')
    expect(stdout).not.toContain('audit')
  })
})

describe('R-UX-3: wrong use ends with 2, says what was meant, and prints nothing to standard output', () => {
  test.each([
    [['taks', 'create'], 'there is no command `taks`; did you mean `task`?'],
    [
      ['task'],
      '`task` needs one of: create, list, show, delegate, timeline, replay, graph, tree, token, renew, complete, revoke',
    ],
    [['task', 'creat'], 'there is no command `task creat`; did you mean `create`?'],
    [['task', 'create', '--intent', 'x'], '`task create` needs `--workflow <name>`'],
    [
      ['task', 'create', '--workflow', 'a', '--intent', 'x', '--expires', 'soon'],
      '`--expires` must be a duration',
    ],
    [
      ['task', 'create', '--workflow', 'a', '--intent', 'x', '--environment', 'mars'],
      'must be one of laptop, sandbox',
    ],
    [['task', 'show'], '`task show` needs <task>'],
    [['task', 'show', 'a', 'b'], '`task show` does not take `b`'],
    [['approvals', 'approve', 'apr_1', '--code', 'x'], 'there is no flag `--code`'],
    [['approvals', 'refuse', 'apr_1'], '`approvals refuse` needs `--reason <text>`'],
    [['approvals', 'list', '--limit', '0'], '`--limit` must be a whole number'],
    [['audit', 'tail', '--kind', 'x'], '`--kind` must be one of decision'],
    [['completion', 'tcsh'], '`tcsh` is not one of bash, zsh, fish'],
    [['status', '--jsno'], 'did you mean `--json`?'],
  ])('%j', async (args, message) => {
    const { stdout, stderr, status } = await run(args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('error[usage]: ')
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/run `remit.* --help`\n$/)
  })

  test('from a real process too', () => {
    expect(remit(['nonsense'])).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('R-UX-3: refusals and failures end with 1', () => {
  test('no gateway', () => {
    const { stderr, status } = remit(['status'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error\[gateway_unreachable\]: no gateway runs on .*`remit start`/)
    expect(stderr).not.toContain('\u001B[')
  })

  test('as JSON for programs', async () => {
    const { stderr } = await run(['status', '--json'])
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'gateway_unreachable' } })
  })

  test('a broken configuration, with its place', async () => {
    const file = join(home, 'broken.yaml')
    writeFileSync(file, 'log: {level: loud}\nfoo: 1\n')
    const { stderr, status } = await run(['status', '--config', file])
    expect(status).toBe(1)
    expect(stderr).toContain('error[config_invalid]:\nbroken.yaml:1:14: `log.level` must be one of')
    expect(stderr).toContain('broken.yaml:2:1: `foo` is not a key')
  })

  test('a broken policy, with its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'remit-policy-'))
    writeFileSync(
      join(folder, 'bad.cedar'),
      '@id("a")\npermit (principal, action, resource) when { nope };\n',
    )
    const { stderr, status } = await run(['policy', 'check', folder])
    expect(status).toBe(1)
    expect(stderr).toMatch(/bad\.cedar:2:\d+/)
  })

  test('credentials cross no network in the clear', async () => {
    const environ = { REMIT_APPROVER: 'a-code-of-mine-0001' }
    const { stderr, status } = await run(['status', '--admin-url', 'http://remit.example'], environ)
    expect(status).toBe(1)
    expect(stderr).toContain('must be https, or http on this machine')
  })

  test('deciding without a code and without a terminal', () => {
    const { stderr, status } = remit(['approvals', 'approve', 'apr_1', '--admin-url', 'http://localhost:1'])
    expect(status).toBe(1)
    expect(stderr).toContain('error[credential_missing]: deciding needs an approver code; set REMIT_APPROVER')
  })

  test('connecting without a token', () => {
    const { stderr, status, stdout } = remit(['connect', '--url', 'http://127.0.0.1:1/mcp'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('error[token_missing]')
  })

  test('verifying a ledger that is not there', async () => {
    const { stderr, status } = await run(['audit', 'verify'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/error\[(state_unreadable|key_unusable)\]/)
  })
})

describe('R-UX-3: completion', () => {
  test('bash offers commands, flags and values', async () => {
    const script = (await run(['completion', 'bash'])).stdout
    const complete = (...words: readonly string[]): readonly string[] => {
      const line = words.map((word) => `'${word}'`).join(' ')
      const ask = `${script}\nCOMP_WORDS=(remit ${line}); COMP_CWORD=${words.length}; _remit; printf '%s\\n' "\${COMPREPLY[@]}"`
      const { stdout, status, stderr } = spawnSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return stdout.split('\n').filter((word) => word !== '')
    }
    expect(complete('')).toContain('approvals')
    expect(complete('ta')).toEqual(['task'])
    expect(complete('task', '')).toEqual([
      'create',
      'list',
      'show',
      'delegate',
      'timeline',
      'replay',
      'graph',
      'tree',
      'token',
      'renew',
      'complete',
      'revoke',
    ])
    expect(complete('task', 'create', '--int')).toEqual(['--intent'])
    expect(complete('task', 'create', '--environment', 'st')).toEqual(['staging'])
    expect(complete('status', '--j')).toEqual(['--json'])
    expect(complete('completion', 'z')).toEqual(['zsh'])
    expect(complete('task', 'create', '--intent', '')).toEqual([])
  })

  test.each(['zsh', 'fish'])(
    '%s parses where the shell is installed, and names every command',
    async (shell) => {
      const { stdout } = await run(['completion', shell])
      for (const { path } of COMMANDS) for (const word of path.split(' ')) expect(stdout).toContain(word)
      const parsed = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' })
      const installed = parsed.error === undefined
      if (!installed) console.log(`${shell} is not installed: its own parser was not asked`)
      expect(installed ? parsed.status : 0).toBe(0)
    },
  )
})

describe('R-SEC-1: text from elsewhere', () => {
  test('cannot drive the terminal or forge a line', () => {
    expect(plainText('a\u001B[2Jb\u202Ec\u009Bd')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{9b}d')
    expect(plainLine('a\nerror: forged')).toBe('a error: forged')
  })
})

test('version', () => {
  expect(JSON.parse(remit(['version', '--json']).stdout)).toMatchObject({
    version: expect.stringMatching(/^\d+\./),
  })
  expect(remit(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  // What was compiled is kept where only those write who could change the code too.
  expect(existsSync(join(dirname(REMIT), '..', 'node_modules', '.cache', 'remit'))).toBe(true)
})
