import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { CANARY_WORDS } from '../../../hooks/canary.ts'
import { ownAgentSurroundings } from '../../agents/agent-surroundings.ts'
import { CLAUDE_CODE } from '../../agents/claude-code.ts'
import { gatewayCommands } from '../../agents/gateway-commands.ts'
import { hookProgram } from './hook-commands.ts'
import { lookAtAgents } from './look-at-agents.ts'
import { lookAtSettings } from './look-at-settings.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

class Laptop {
  readonly home = mkdtempSync(join(tmpdir(), 'remit-doctor-'))
  readonly hook = join(this.home, 'remit', 'bin', 'remit-hook')

  constructor() {
    made.push(this.home)
  }
  write(path: string, content: string | object, mode = 0o600): void {
    const file = path.startsWith('/') ? path : join(this.home, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    chmodSync(file, mode)
  }
  /** Claude Code as `remit init` sets it up, with a hook that does this. */
  claude(script: string, settings: object = {}): void {
    const commands = gatewayCommands({
      agent: 'claude-code',
      platform: 'linux',
      connect: [],
      root: join(this.home, 'remit'),
    })
    const part = CLAUDE_CODE.files(this.at())
      .flatMap(({ parts }) => parts)
      .find(({ kind }) => kind === 'hooks')
    const entries = part?.kind === 'hooks' ? Object.entries(part.entries(commands)) : []
    const hooks = Object.fromEntries(entries.map(([event, entry]) => [event, [entry]]))
    this.write('.claude/settings.json', { hooks, ...settings })
    this.write('.claude.json', { mcpServers: { remit: { command: commands.connect[0], args: ['connect'] } } })
    this.write(this.hook, `#!/bin/sh\n${script}\n`, 0o755)
  }
  at() {
    const environ = { HOME: this.home, PATH: `${this.home}/bin:/usr/bin:/bin`, REMIT_TOKEN: 'x' }
    return {
      ...ownAgentSurroundings(environ, join(this.home, 'project')),
      platform: 'linux' as const,
      managedRoot: join(this.home, 'root'),
    }
  }
  async looks(): Promise<readonly string[]> {
    const findings = await lookAtAgents(this.at())
    return findings.map(({ result, says }) => `${result} ${says.replaceAll(this.home, '~')}`)
  }
}

const WORKS = `case "$(cat)" in *PreToolUse*) echo 'remit: ${CANARY_WORDS}' >&2; exit 2;; esac`

test('R-AGT-2: remit doctor calls the hooks that stand in an agent’s files, and sees whether a no is one', async () => {
  const laptop = new Laptop()
  mkdirSync(join(laptop.home, 'project'))
  laptop.claude(WORKS)
  expect(await laptop.looks()).toEqual(['good Claude Code: its hook asked the gateway, and a no held'])
  laptop.claude('exit 0')
  expect(await laptop.looks()).toEqual([
    'bad Claude Code: `~/remit/bin/remit-hook claude-code` let a canary run that is refused (exit code 0)',
  ])
  laptop.claude('echo "remit: no gateway" >&2; exit 2')
  expect(await laptop.looks()).toEqual([
    'bad Claude Code: its hook refuses, and the gateway was not asked: remit: no gateway',
  ])
  laptop.claude(`echo 'remit: ${CANARY_WORDS}' >&2; exit 2`)
  expect(await laptop.looks()).toEqual([
    `bad Claude Code: its hook refuses the beginning of a session, too: remit: ${CANARY_WORDS}`,
  ])
  rmSync(laptop.hook)
  expect((await laptop.looks()).join()).toContain('(exit code none)')
})

test('R-AGT-2: remit doctor names servers past the gateway, agents without hooks or gateway, hooks that are switched off or less than set up, and versions that are too old', async () => {
  const laptop = new Laptop()
  mkdirSync(join(laptop.home, 'project'))
  laptop.write('bin/claude', '#!/bin/sh\necho "2.1.197 (Claude Code)"\n', 0o755)
  laptop.claude(WORKS, { disableAllHooks: true })
  laptop.write('project/.mcp.json', '{ "mcpServers": {\n "wiki": { "command": "wiki" } } }')
  laptop.write('.codex/hooks.json', { hooks: {} })
  laptop.write('.cursor/mcp.json', '{ "mcpServers": [ }')
  const looks = await laptop.looks()
  expect(looks).toEqual(
    expect.arrayContaining([
      'bad Claude Code: its hooks are switched off (`disableAllHooks`, `hooksConfig.enabled`, `features.hooks`)',
      'bad Claude Code: `wiki` is reached past the gateway (~/project/.mcp.json:2:2)',
      'bad Claude Code: 2.1.197 runs a tool whose hook fails',
      'bad Codex CLI: no hook asks the gateway',
      'bad Codex CLI: has no gateway among its servers',
      expect.stringMatching(/^bad Cursor: ~\/\.cursor\/mcp\.json:1:\d+: not valid JSON/) as string,
    ]),
  )
  // An administrator’s hooks hold against that switch.
  laptop.write('root/etc/claude-code/managed-settings.json', {
    hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: `${laptop.hook} claude-code` }] }] },
  })
  laptop.write('bin/claude', '#!/bin/sh\necho "2.1.330 (Claude Code)"\n', 0o755)
  const later = await laptop.looks()
  expect(later).toContain('good Claude Code: 2.1.330')
  expect(later.join()).not.toContain('switched off')
})

test('R-AGT-2: of a project’s files remit doctor runs nothing but what is of this installation, and no line for a shell of any', () => {
  expect(hookProgram('/opt/remit/bin/remit-hook codex', 'user')?.program).toBe('/opt/remit/bin/remit-hook')
  expect(hookProgram("'/opt/my remit/bin/remit-hook' codex", 'managed')?.args).toEqual(['codex'])
  const refused = [
    ['/opt/remit/bin/remit-hook codex', 'project'],
    ['./node_modules/.bin/remit-hook codex', 'user'],
    ['touch /tmp/x; /opt/remit/bin/remit-hook codex', 'user'],
    ['/opt/remit/bin/remit-hook codex || true', 'user'],
  ] as const
  for (const [line, level] of refused) expect(hookProgram(line, level)).toBeUndefined()
})

test('R-AGT-2: remit doctor says where what remit init wrote is not there any more, and not what else changed', () => {
  const hook = { hooks: [{ command: 'remit-hook claude-code' }] }
  const file = {
    path: '/home/a/.claude/settings.json',
    format: 'json' as const,
    before: '{}',
    after: JSON.stringify({ hooks: { PreToolUse: [hook] }, permissions: { allow: ['mcp__remit'] } }),
    mode: 0o600,
    edits: [
      { change: 'append' as const, at: ['hooks', 'PreToolUse'], value: hook },
      { change: 'append' as const, at: ['permissions', 'allow'], value: 'mcp__remit' },
    ],
  }
  const run = { version: 1 as const, at: '2026-11-27T12:00:00.000Z', files: [file], secrets: [], servers: [] }
  const saysOf = (now: object | undefined): readonly string[] =>
    lookAtSettings([run], () => now && JSON.stringify(now)).map(({ says }) => says)
  const more = { matcher: 'Bash', hooks: [] }
  const kept = { hooks: { PreToolUse: [more, hook] }, permissions: { allow: ['x', 'mcp__remit'] }, more: 1 }
  expect(saysOf(kept)).toEqual([])
  expect(saysOf({ ...kept, hooks: { PreToolUse: [{ ...hook, matcher: 'Read' }] } })).toEqual([
    '/home/a/.claude/settings.json: `hooks.PreToolUse` is not what it was since `remit init` wrote it (2026-11-27T12:00:00.000Z)',
  ])
  expect(saysOf(undefined)).toEqual([expect.stringContaining('settings.json: is gone since')])
})
