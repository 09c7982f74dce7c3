import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation } from '../../src/cli/command.ts'
import { init } from '../../src/cli/init.ts'
import { requireAdministrator } from '../../src/cli/run-managed-init.ts'
import { type AgentSurroundings, ownAgentSurroundings } from '../../src/server/agents/agent-surroundings.ts'
import { gatewayCommands } from '../../src/server/agents/gateway-commands.ts'
import { KNOWN_AGENTS } from '../../src/server/agents/known-agents.ts'
import { readTomlText } from '../../src/server/import/read-toml-text.ts'
import { applyInit } from '../../src/server/init/apply-init.ts'
import { parseJsonDocument } from '../../src/server/init/json-document.ts'
import { planManaged } from '../../src/server/init/plan-managed.ts'
import { openManagedJournal } from '../../src/server/init/run-journal.ts'
import { applyUndo, planUndo } from '../../src/server/init/undo-init.ts'
import { hookFilesOf } from '../../src/server/start-report/hook-files.ts'

const CONNECT = ['--url', 'https://gate.example/mcp']

class Machine {
  readonly root = mkdtempSync(join(tmpdir(), 'remit-managed-'))
  readonly environ = { HOME: join(this.root, 'home') }
  readonly at: AgentSurroundings = {
    ...ownAgentSurroundings(this.environ, join(this.root, 'project')),
    platform: 'linux',
    managedRoot: this.root,
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
    chmodSync(join(this.root, path), mode)
  }
  text(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }
  json(path: string) {
    return parseJsonDocument(path, this.text(path)).value
  }
  plan() {
    return planManaged({
      agents: KNOWN_AGENTS.map((configuration) => ({ configuration })),
      at: this.at,
      commandsOf: (agent) =>
        gatewayCommands({ agent, platform: 'linux', connect: CONNECT, root: '/opt/remit' }),
    })
  }
  async apply() {
    const plan = this.plan()
    await applyInit(plan, {
      journal: openManagedJournal(this.environ),
      gateway: { setSecrets: async () => {}, takeBackSecrets: async () => {}, reload: async () => undefined },
      configuration: '',
      now: () => new Date(0),
    })
    return plan
  }
}

const remit = { command: '/opt/remit/bin/remit', args: ['connect', ...CONNECT] }

test('R-AGT-2: remit init --managed locks every agent that has files of administrators, for everybody, and a second run finds nothing to do', async () => {
  const machine = new Machine()
  const { changes, warnings } = await machine.apply()
  expect(warnings).toEqual([
    '/opt/remit/bin/remit is run by everybody’s agents, and not only an administrator can change it: it is not there',
  ])
  expect(machine.json('etc/claude-code/managed-settings.json')).toMatchObject({
    hooks: {
      PreToolUse: [{ hooks: [{ command: '/opt/remit/bin/remit-hook claude-code', onFailure: 'block' }] }],
    },
    permissions: { allow: ['mcp__remit'], disableBypassPermissionsMode: 'disable' },
    allowManagedHooksOnly: true,
    allowManagedMcpServersOnly: true,
    allowedMcpServers: [{ serverCommand: [remit.command, ...remit.args] }],
  })
  expect(machine.json('etc/claude-code/managed-mcp.json')).toMatchObject({ mcpServers: { remit } })
  expect(readTomlText('', machine.text('etc/codex/requirements.toml'))).toMatchObject({
    allow_managed_hooks_only: true,
    features: { hooks: true },
    hooks: {
      managed_dir: '/opt/remit/bin',
      PreToolUse: [{ matcher: '.*', hooks: [{ command: '/opt/remit/bin/remit-hook codex', timeout: 180 }] }],
    },
    mcp_servers: { remit: { identity: { command: remit.command } } },
  })
  expect(readTomlText('', machine.text('etc/codex/managed_config.toml'))['mcp_servers']).toMatchObject({
    remit: { ...remit, required: true },
  })
  expect(machine.json('etc/gemini-cli/settings.json')).toMatchObject({
    mcpServers: { remit },
    mcp: { allowed: ['remit'] },
    hooksConfig: { enabled: true },
    security: { disableYoloMode: true },
  })
  const others = ['github-copilot/policy.d/remit.json', 'cursor/hooks.json', 'windsurf/hooks.json']
  for (const path of others) expect(machine.text(`etc/${path}`)).toContain('/opt/remit/bin/remit-hook ')
  expect(machine.text('etc/opencode/opencode.json')).toContain('/opt/remit/agents/opencode-plugin.js')
  const modes = changes.flatMap(({ file: { path } }) =>
    [path, dirname(path)].map((each) => statSync(each).mode & 0o777),
  )
  expect(new Set(modes)).toEqual(new Set([0o644, 0o755]))
  expect(machine.plan().changes).toEqual([])
  for (const agent of ['claude-code', 'codex']) {
    const configuration = KNOWN_AGENTS.find((each) => each.agent === agent)
    const found =
      configuration &&
      hookFilesOf(configuration, machine.at, (path) => {
        return path.startsWith(join(machine.root, 'etc')) ? readFileSync(path, 'utf8') : undefined
      })
    expect(found?.files).toBe('present')
  }
})

const CLAUDE = `{
  // ours
  "disableAutoMode": "disable",
  "permissions": { "deny": ["WebFetch"], "disableBypassPermissionsMode": "off" },
  "allowManagedHooksOnly": false,
  "allowedMcpServers": [{ "serverName": "wiki" }],
  "hooks": {
    "PreToolUse": [{ "hooks": [{ "type": "command", "command": "/usr/bin/audit-tool" }] }],
    "PostToolUse": [{ "hooks": [{ "type": "command", "command": "/old/bin/remit-hook claude-code", "onFailure": "block" }] }]
  }
}
`
const CODEX = `# ours
allowed_sandbox_modes = ["read-only"]
allow_managed_hooks_only = false

[features]
web_search = false

[hooks]
managed_dir = "/opt/audit"
[[hooks.PreToolUse]]
matcher = "Bash"
[[hooks.PreToolUse.hooks]]
type = "command"
command = "/opt/audit/look"

# the wiki
[mcp_servers.wiki]
identity = { command = "wiki" }
`

test('R-AGT-2: what administrators have stays, nothing of it is loosened, and undoing makes it as it was, byte for byte', async () => {
  const machine = new Machine()
  machine.write('etc/claude-code/managed-settings.json', CLAUDE)
  machine.write('etc/codex/requirements.toml', CODEX, 0o640)
  const { warnings } = await machine.apply()
  expect(warnings.join('\n')).toContain('`allowedMcpServers` gets the gateway beside what it allowed before')
  const claude = machine.json('etc/claude-code/managed-settings.json')
  expect(claude).toMatchObject({
    disableAutoMode: 'disable',
    permissions: { deny: ['WebFetch'], disableBypassPermissionsMode: 'disable' },
    allowManagedHooksOnly: true,
    allowedMcpServers: [{ serverName: 'wiki' }, { serverCommand: [remit.command, ...remit.args] }],
    hooks: {
      PreToolUse: [{ hooks: [{ command: '/usr/bin/audit-tool' }] }, { hooks: [{ onFailure: 'block' }] }],
      // It refused where it fails, and does.
      PostToolUse: [{ hooks: [{ command: '/opt/remit/bin/remit-hook claude-code', onFailure: 'block' }] }],
    },
  })
  expect(machine.text('etc/claude-code/managed-settings.json')).toContain('// ours')
  const codex = machine.text('etc/codex/requirements.toml')
  expect(readTomlText('', codex)).toMatchObject({
    allowed_sandbox_modes: ['read-only'],
    allow_managed_hooks_only: true,
    features: { web_search: false, hooks: true },
    hooks: {
      managed_dir: '/opt/audit',
      PreToolUse: [
        { matcher: 'Bash', hooks: [{ command: '/opt/audit/look' }] },
        { matcher: '.*', hooks: [{ command: '/opt/remit/bin/remit-hook codex' }] },
      ],
    },
    mcp_servers: { wiki: { identity: { command: 'wiki' } }, remit: { identity: { command: remit.command } } },
  })
  expect(codex).toMatch(/# ours[^]*# the wiki/)
  expect(statSync(join(machine.root, 'etc/codex/requirements.toml')).mode & 0o777).toBe(0o640)
  expect(machine.plan().changes).toEqual([])
  machine.write('etc/codex/requirements.toml', `${codex}\n[rules]\nprefix_rules = []\n`)
  const newest = openManagedJournal(machine.environ).newest()
  if (newest === undefined) throw new Error('no run was kept')
  applyUndo(planUndo(newest.run, 'keep'))
  expect(machine.text('etc/claude-code/managed-settings.json')).toBe(CLAUDE)
  expect(readTomlText('', machine.text('etc/codex/requirements.toml'))).toEqual({
    ...readTomlText('', CODEX),
    rules: { prefix_rules: [] },
  })
  expect(() => machine.text('etc/cursor/hooks.json')).toThrow('ENOENT')
})

test('R-AGT-2: whoever is no administrator is told so before anything is written', () => {
  expect(() => requireAdministrator(1000)).toThrow(/`sudo`, or with `--out <folder>`[^]*Nothing was changed/)
  expect(() => requireAdministrator(0)).not.toThrow()
})

test('R-SEC-1: an administrator undoes nothing by a journal that somebody else could have written', () => {
  const { environ } = new Machine()
  mkdirSync(environ.HOME)
  chmodSync(environ.HOME, 0o777)
  expect(() => openManagedJournal(environ, 0)).toThrow(/not only an administrator can change[^]*`sudo -H`/)
})

test('R-AGT-2: below a folder anybody can have them written, for configuration management; the command shows them, and undoes what it wrote', async () => {
  const { root, environ } = new Machine()
  const run = async (flags: Invocation['flags'], json = false): Promise<string> => {
    let told = ''
    const io = {
      environ,
      cwd: root,
      out: (text: string) => {
        told += text
      },
      err: () => {},
      colour: false,
      stopped: new AbortController().signal,
    }
    const url = 'https://gate.example/mcp'
    expect(
      await init.run({ flags: { managed: true, url, out: 'roll', ...flags }, positionals: [], json, io }),
    ).toBe(0)
    return told
  }
  const agent = ['codex']
  const shown = JSON.parse(await run({ agent, 'dry-run': true }, true)) as {
    files: { path: string; after: string }[]
  }
  const places = ['requirements.toml', 'managed_config.toml'].map((name) =>
    join(root, 'roll/etc/codex', name),
  )
  expect(shown.files.map(({ path }) => path)).toEqual(places)
  expect(places.filter((path) => existsSync(path))).toEqual([])
  expect(await run({ agent, yes: true })).toContain('+allow_managed_hooks_only = true')
  expect(places.map((path) => readFileSync(path, 'utf8'))).toEqual(shown.files.map(({ after }) => after))
  expect(await run({ agent, yes: true })).toBe('nothing to change\n')
  await run({ undo: true, yes: true })
  expect(places.filter((path) => existsSync(path))).toEqual([])
  await expect(run({ agent: ['kiro'] })).rejects.toThrow('`kiro` has no files of administrators')
})
