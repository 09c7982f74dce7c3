import { expect, test } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { ownAgentSurroundings } from '../agents/agent-surroundings.ts'
import { KNOWN_AGENTS } from '../agents/known-agents.ts'
import type { AgentConfiguration } from '../agents/agent-configuration.ts'
import { gatewayCommands } from '../agents/gateway-commands.ts'
import { hookFilesOf } from './hook-files.ts'

const at = { ...ownAgentSurroundings({ HOME: '/h' }, '/p'), platform: 'linux' as const }

function agentOf(name: string): AgentConfiguration {
  const found = KNOWN_AGENTS.find(({ agent }) => agent === name)
  if (found === undefined) throw new Error(`no agent ${name}`)
  return found
}

/** Every file of the user as it is set up. */
function setUp(configuration: AgentConfiguration, change = (entries: Record<string, JsonObject>) => entries) {
  const commands = gatewayCommands({
    agent: configuration.agent,
    platform: 'linux',
    connect: [],
    root: '/other/place',
  })
  const files = new Map<string, string>()
  for (const { path, level, parts } of configuration.files(at)) {
    if (level !== 'user') continue
    for (const part of parts) {
      if (part.kind === 'hooks') {
        const entries = Object.entries(change({ ...part.entries(commands) }))
        files.set(
          path,
          JSON.stringify({ hooks: Object.fromEntries(entries.map(([event, entry]) => [event, [entry]])) }),
        )
      }
      if (part.kind === 'item' && part.at.includes('plugin'))
        files.set(path, JSON.stringify({ plugin: ['x', part.item(commands)] }))
      if (part.kind === 'script') files.set(path, part.text(commands))
    }
  }
  return files
}

const stateOf = (configuration: AgentConfiguration, files: ReadonlyMap<string, string>) =>
  hookFilesOf(configuration, at, (path) => files.get(path))

const HOOKED = ['claude-code', 'codex', 'gemini-cli', 'copilot-cli', 'opencode', 'cline', 'cursor'].map(
  agentOf,
)

test.each(HOOKED.map((configuration) => [configuration.agent, configuration] as const))(
  'R-AGT-1: hooks of %s are present as they are set up, by whichever installation, and missing without them',
  (_, configuration) => {
    const found = stateOf(configuration, setUp(configuration))
    expect(found).toMatchObject({
      files: 'present',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    expect(stateOf(configuration, setUp(configuration))).toEqual(found)
    expect(stateOf(configuration, new Map())).toEqual({ files: 'missing' })
  },
)

function without(entries: Record<string, JsonObject>, event: string): Record<string, JsonObject> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== event))
}

test.each<[string, (entries: Record<string, JsonObject>) => Record<string, JsonObject>]>([
  ['without the hook before tools', (entries) => without(entries, 'PreToolUse')],
  [
    'that go on where a hook fails',
    (entries) =>
      JSON.parse(JSON.stringify(entries).replace('"onFailure":"block"', '"x":1')) as Record<
        string,
        JsonObject
      >,
  ],
  [
    'for a single tool',
    (entries) => ({ ...entries, PreToolUse: { ...entries['PreToolUse'], matcher: 'Read' } }),
  ],
])('R-AGT-1: hooks of Claude Code %s are changed', (_, change) => {
  const claude = agentOf('claude-code')
  const found = stateOf(claude, setUp(claude, change))
  expect(found?.files).toBe('changed')
  expect(found?.digest).not.toBe(stateOf(claude, setUp(claude))?.digest)
})

test('R-AGT-1: longer time-outs and another way to ask are their user’s, a switch for all hooks is not', () => {
  const claude = agentOf('claude-code')
  const whole = setUp(
    claude,
    (entries) =>
      JSON.parse(JSON.stringify(entries).replaceAll('"timeout":180', '"timeout":600')) as Record<
        string,
        JsonObject
      >,
  )
  expect(stateOf(claude, whole)?.files).toBe('present')
  const asking = { type: 'mcp_tool', server: 'remit', tool: 'remit_authorize', input: {}, timeout: 180 }
  const before = { hooks: [{ ...asking, onFailure: 'block' }] }
  const overMcp = setUp(claude, (entries) => ({ ...entries, PreToolUse: before }))
  expect(stateOf(claude, overMcp)?.files).toBe('present')
  const [[path, text] = ['', '']] = whole
  const off = new Map([
    [path, JSON.stringify({ ...(JSON.parse(text) as JsonObject), disableAllHooks: true })],
  ])
  expect(stateOf(claude, off)?.files).toBe('disabled')
  expect(stateOf(claude, new Map([[path, '{ "hooks": not json']]))).toEqual({ files: 'missing' })
})

test.each([
  ['gemini-cli', '/p/.gemini/settings.json', '{ "hooksConfig": { "enabled": false } }', 'disabled'],
  ['codex', '/p/.codex/config.toml', '[features]\nhooks = false\n', 'disabled'],
  ['claude-code', '/p/.claude/settings.local.json', '{ "disableAllHooks": true }', 'disabled'],
  [
    'claude-code',
    '/p/.claude/settings.json',
    '{ "env": { "REMIT_AGENT_URL": "http://a.example" } }',
    'changed',
  ],
  ['claude-code', '/p/.claude/settings.json', '{ "env": { "CI": "1" } }', 'present'],
])(
  'R-AGT-1: hooks of %s that %s switches off, or leads to somebody else, are told: %s',
  (agent, path, text, files) => {
    const configuration = agentOf(agent)
    const found = stateOf(configuration, new Map([...setUp(configuration), [path, text]]))
    expect(found?.files).toBe(files)
  },
)
