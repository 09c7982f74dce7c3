import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { readTomlText } from '../../src/server/import/read-toml-text.ts'
import { parseJsonDocument } from '../../src/server/init/json-document.ts'
import { ADAPTERS } from '../../src/hooks/adapters.ts'
import { planFile } from '../../src/server/init/plan-file.ts'
import { CLAUDE_CODE } from '../../src/server/agents/claude-code.ts'
import { CLINE } from '../../src/server/agents/cline.ts'
import { gatewayCommands } from '../../src/server/agents/gateway-commands.ts'
import { ownAgentSurroundings } from '../../src/server/agents/agent-surroundings.ts'
import { FILES, makeAgentHome, PASSWORD, TOKEN } from './agent-homes.ts'
import { init, plan, Store } from './init-in-process.ts'

const json = (home: string, name: string): Record<string, unknown> =>
  parseJsonDocument(name, readFileSync(join(home, name), 'utf8')).value

const COMMENTS = /\/\/[^\n"]*$|#[^\n]*$/gm

describe('R-AGT-2: remit init on the files of every agent', () => {
  test('servers stand in the gateway’s file with references, values are in its store and nowhere else', async () => {
    const place = makeAgentHome()
    const store = new Store()
    await init(place, {}, store)
    const { servers } = parseDocument(readFileSync(join(place.home, 'remit.yaml'), 'utf8')).toJS() as {
      servers: Record<string, Record<string, unknown>>
    }
    expect(Object.keys(servers).toSorted()).toEqual(
      'aws-docs azure docs figma forge jira linear local-notes memory play search sentry team weather wiki'.split(
        ' ',
      ),
    )
    expect(servers['forge']).toEqual({
      command: 'node',
      args: ['/opt/tools/server.js'],
      env: { GITHUB_TOKEN: 'secret:forge-github-token' },
      trust: 'review',
      owner: 'mona',
      purpose: 'was `forge` of claude-code',
    })
    expect(servers['local-notes']).toMatchObject({ args: ['notes.js'], cwd: place.project })
    expect(servers['weather']).toMatchObject({ command: 'bun', args: ['x', 'weather@2.0.1'] })
    expect(servers['figma']).toMatchObject({ headers: { Authorization: 'Bearer secret:figma-token' } })
    expect(Object.fromEntries(store.values)).toEqual({
      'forge-github-token': TOKEN,
      'docs-docs-password': PASSWORD,
      'figma-token': 'figma-token-0001',
      'search-x-api-key': `${PASSWORD}-2`,
      'weather-key': 'weather-key-01',
      'sentry-authorization': `${TOKEN}9`,
      'team-token': 'team-token-0001',
    })
    const written = JSON.stringify(place.all())
    expect([...store.values.values()].filter((value) => written.includes(value))).toEqual([])
  })

  test('every agent has one server, the gateway, and its hooks; what else it had is there as it was written', async () => {
    const place = makeAgentHome()
    const before = place.all()
    await init(place)
    const after = place.all()
    const { home } = place
    const connect = (agent: string) => ({
      command: '/opt/remit/bin/remit',
      args: ['connect', '--agent', agent],
    })
    expect(json(home, '.claude.json')).toMatchObject({
      mcpServers: { remit: { type: 'stdio', ...connect('claude-code') } },
      numStartups: 41,
    })
    expect(json(home, '.claude/settings.json')).toMatchObject({
      permissions: { allow: ['Bash(npm test:*)', 'mcp__remit'] },
      hooks: {
        PreToolUse: [
          { matcher: 'Bash', hooks: [{ command: '~/bin/log-command' }] },
          { hooks: [{ command: '/opt/remit/bin/remit-hook claude-code', timeout: 180, onFailure: 'block' }] },
        ],
        SessionStart: [{ hooks: [{ command: '/opt/remit/bin/remit-hook claude-code' }] }],
      },
    })
    expect(readTomlText('', readFileSync(join(home, '.codex/config.toml'), 'utf8'))['mcp_servers']).toEqual({
      remit: {
        ...connect('codex'),
        required: true,
        startup_timeout_sec: 60,
        tool_timeout_sec: 600,
        default_tools_approval_mode: 'approve',
      },
    })
    expect(json(home, '.gemini/settings.json')).toMatchObject({
      mcpServers: { remit: { ...connect('gemini-cli'), trust: true } },
      hooks: { BeforeTool: [{ hooks: [{ timeout: 180_000 }] }] },
    })
    expect(json(home, '.copilot/mcp-config.json')['mcpServers']).toEqual({
      remit: { type: 'local', ...connect('copilot-cli'), tools: ['*'] },
    })
    expect(json(home, '.config/opencode/opencode.jsonc')).toMatchObject({
      mcp: { remit: { type: 'local', command: ['/opt/remit/bin/remit', 'connect', '--agent', 'opencode'] } },
      plugin: ['file:///opt/remit/agents/opencode-plugin.js'],
    })
    expect(json(home, '.cursor/hooks.json')).toMatchObject({
      version: 1,
      hooks: { afterFileEdit: [{ command: './format.sh' }], preToolUse: [{ failClosed: true }] },
    })
    const ofCline = ADAPTERS.has('cline') ? '#!/bin/sh\nexec /opt/remit/bin/remit-hook cline\n' : undefined
    expect(after['.cline/hooks/PreToolUse']).toBe(ofCline)
    expect(json(home, '.config/Code/User/mcp.json')).toMatchObject({
      inputs: [{ id: 'unused' }],
      servers: { remit: connect('copilot-cli') },
    })
    const shared = json(home, '.copilot/hooks/remit.json') as { hooks: { preToolUse: unknown } }
    expect(shared.hooks.preToolUse).toEqual([
      { type: 'command', bash: '/opt/remit/bin/remit-hook copilot-cli', timeoutSec: 180 },
    ])
    expect(json(place.project, '.mcp.json')).toEqual({ mcpServers: {} })
    const comments = Object.entries(before).flatMap(([name, text]) =>
      [...text.matchAll(COMMENTS)].map(([comment]) => [name, comment]),
    )
    expect(comments.length).toBeGreaterThan(5)
    expect(comments.filter(([name = '', comment = '']) => after[name]?.includes(comment) !== true)).toEqual(
      [],
    )
  })

  test.each([
    ['as they are', (text: string) => text],
    ['with the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('a second run finds nothing to do, and no other line changed: files %s', async (_name, as) => {
    const place = makeAgentHome(as)
    const before = place.all()
    await init(place)
    const once = place.all()
    expect(plan(place)).toMatchObject({ changes: [], moved: [], left: [] })
    const feedsOf = (text = ''): readonly string[] => [...new Set(text.match(/\r?\n/g))]
    const mixed = Object.keys(FILES).filter((name) =>
      feedsOf(once[name]).some((feed) => !feedsOf(before[name]).includes(feed)),
    )
    expect(mixed).toEqual([])
    const kept = Object.keys(FILES).filter(
      (name) => before[name]?.endsWith('\n') !== once[name]?.endsWith('\n'),
    )
    expect(kept).toEqual([])
  })
})

test('R-AGT-2: a name that the gateway has for another server, one server in two forms, no exact version: all are told with their place, and nothing is changed', () => {
  const place = makeAgentHome()
  writeFileSync(
    join(place.home, 'remit.yaml'),
    'servers:\n  linear: { url: "https://other.example/mcp" }\n  wiki: { url: "https://wiki.example/mcp" }\n',
  )
  writeFileSync(
    join(place.project, '.mcp.json'),
    '{\n  "mcpServers": {\n    "forge": { "command": "npx", "args": ["forge"] },\n    "remit": { "command": "x" }\n  }\n}\n',
  )
  const before = place.all()
  const refused = (): string => {
    try {
      plan(place)
    } catch (error) {
      return (error as Error).message.replaceAll(place.home, '~')
    }
    return ''
  }
  expect(refused().split('\n')).toEqual([
    expect.stringMatching(/^~\/project\/\.mcp\.json:3:5: `forge` `forge` names no exact version/),
    '~/project/.mcp.json:3:5: `forge` would be `forge`, as another one is (~/.claude.json:5:5); rename one of them',
    '~/project/.mcp.json:4:5: `remit` has the name of the gateway itself; give it another',
    '~/.cursor/mcp.json:1:16: `linear` the gateway has another server `linear` (differs in `url`); rename this one, or take it out',
    'nothing was changed; --skip-bad leaves these where they are, and moves the others',
  ])
  expect(place.all()).toEqual(before)
  const { moved, left } = plan(place, { skipBad: true })
  expect(left.map(({ server }) => server.name)).toEqual(['forge', 'remit', 'linear'])
  expect(moved.find(({ key }) => key === 'wiki')).toMatchObject({ isKnown: true })
})

test.each([
  ['.gemini/settings.json', '{\n  "a": [1,\n', /settings\.json:\d+:\d+: not valid JSON: /],
  ['.codex/config.toml', 'a = \n', /config\.toml:1:\d+` is not valid TOML: /],
  [
    '.gemini/settings.json',
    '{"hooks": {"BeforeTool": "x"}}',
    /settings\.json:1:\d+: `hooks\.BeforeTool` must be a list/,
  ],
])('R-AGT-2: %s that cannot be edited is told with its place, and nothing is changed', (name, text, why) => {
  const place = makeAgentHome()
  writeFileSync(join(place.home, name), text)
  expect(() => plan(place)).toThrow(why)
})

test('R-AGT-2: a variable that is not set here leaves its server where it is, unless the store has the secret', () => {
  const place = makeAgentHome()
  const { TEAM_TOKEN: _gone, ...environ } = place.environ
  expect(() => plan(place, { environ })).toThrow(
    '`team` needs `TEAM_TOKEN`, which is not set here; run `remit secrets set team-token` first',
  )
  const stored = new Map([['team-token', { used: false }]])
  expect(plan(place, { environ, stored }).values.has('team-token')).toBe(false)
})

test('R-AGT-2: where an agent has one place for a hook, and its human one there, it is not overwritten', () => {
  const script = CLINE.files(ownAgentSurroundings({ HOME: '/home/a' }, '/p')).find(
    ({ format }) => format === 'script',
  )
  if (script === undefined) throw new Error('no script')
  const uses = script.parts.map((part) => ({ agent: 'cline', part }))
  const commandsOf = () =>
    gatewayCommands({ agent: 'cline', platform: 'linux', connect: [], root: '/opt/remit' })
  const file = { ...script, target: script.path, uses }
  const made = planFile({ ...file, text: undefined }, { gone: [], commandsOf })?.after ?? ''
  expect(planFile({ ...file, text: made }, { gone: [], commandsOf })).toBeUndefined()
  expect(planFile({ ...file, text: made.replace('/opt/', '/old/') }, { gone: [], commandsOf })?.after).toBe(
    made,
  )
  expect(() => planFile({ ...file, text: '#!/bin/sh\nmine\n' }, { gone: [], commandsOf })).toThrow(
    'is a hook of your own',
  )
})

test('R-AGT-2: hooks of another installation are replaced; those that stand beside ours in a group, and one that puts questions off, stay', () => {
  const ours = {
    type: 'command',
    command: '/opt/remit/bin/remit-hook claude-code',
    timeout: 180,
    onFailure: 'block',
  }
  const log = { type: 'command', command: '~/bin/log-command' }
  const later = { type: 'command', command: '[ -t 0 ] || exit 0; remit-hook claude-code-defer' }
  const after = (groups: readonly object[]): unknown => {
    const text = JSON.stringify({ hooks: { PreToolUse: groups } })
    const place = makeAgentHome(undefined, { '.claude/settings.json': text })
    const change = plan(place).changes.find(({ file }) => file.path.endsWith('settings.json'))
    return (JSON.parse(change?.after ?? text) as { hooks: { PreToolUse: unknown } }).hooks.PreToolUse
  }
  expect(after([{ hooks: [{ ...ours, command: 'remit-hook claude-code' }] }])).toEqual([{ hooks: [ours] }])
  expect(after([{ hooks: [ours, later] }])).toEqual([{ hooks: [ours, later] }])
  expect(after([{ hooks: [log, { ...ours, command: '/old/bin/remit-hook claude-code' }, later] }])).toEqual([
    { hooks: [log, later] },
    { hooks: [ours] },
  ])
  // What was narrowed is made whole.
  expect(after([{ matcher: 'Bash', hooks: [ours] }])).toEqual([{ hooks: [ours] }])
})

test('R-AGT-1, R-AGT-2: an event at which the agent asks over its own connection gets no second hook, unless that one goes on where it fails', () => {
  const settings = CLAUDE_CODE.files(ownAgentSurroundings({ HOME: '/home/a' }, '/p')).find(({ path }) =>
    path.endsWith('/.claude/settings.json'),
  )
  if (settings === undefined) throw new Error('no settings')
  const uses = settings.parts.map((part) => ({ agent: 'claude-code', part }))
  const commandsOf = () => gatewayCommands({ agent: 'claude-code', platform: 'linux', connect: [] })
  const eventsOf = (hook: object) => {
    const text = JSON.stringify({ hooks: { PreToolUse: [{ hooks: [hook] }] } })
    const change = planFile({ ...settings, target: settings.path, uses, text }, { gone: [], commandsOf })
    return change?.edits.map(({ at }) => at[1]).filter((event) => event?.toString().endsWith('ToolUse'))
  }
  const tool = { type: 'mcp_tool', server: 'remit', tool: 'remit_authorize', input: {}, timeout: 180 }
  expect(eventsOf({ ...tool, onFailure: 'block' })).toEqual(['PostToolUse'])
  expect(eventsOf(tool)).toEqual(['PreToolUse', 'PostToolUse'])
  expect(eventsOf({ ...tool, onFailure: 'block', server: 'other' })).toEqual(['PreToolUse', 'PostToolUse'])
})
