import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { valueOf } from '../init/find-servers.ts'
import { planFile } from '../init/plan-file.ts'
import type { AgentConfiguration } from './agent-configuration.ts'
import { gatewayCommands, type GatewayCommands } from './gateway-commands.ts'
import { KNOWN_AGENTS } from './known-agents.ts'
import { PINNED } from '../../../test/agents/pinned.ts'

const page = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8')

/** As the guides have it: Remit in `/opt`, a user whose home is `/home/me`. */
function commandsOf(agent: string): GatewayCommands {
  const login = `/home/me/.local/state/remit/logins/${agent}.json`
  const connect = ['--agent', agent, '--url', 'http://127.0.0.1:7410/mcp', '--login-file', login]
  return gatewayCommands({ agent, platform: 'linux', connect, root: '/opt/remit' })
}

const PLACE = { platform: 'linux', environ: {}, home: '~', project: '.' } as const

/** What `remit init` makes of a user who has none of these files, by path. */
function written(configuration: AgentConfiguration): ReadonlyMap<string, JsonObject> {
  const { agent } = configuration
  const made = configuration.files(PLACE).flatMap(({ parts, ...file }) => {
    if (file.level !== 'user' || file.format === 'script') return []
    const own = { ...file, target: file.path, text: undefined, uses: parts.map((part) => ({ agent, part })) }
    const change = planFile(own, { gone: [], commandsOf })
    return change === undefined ? [] : [[file.path, valueOf({ ...own, text: change.after })] as const]
  })
  return new Map(made)
}

test.each(KNOWN_AGENTS)(
  'R-UX-1: the guide of $title shows the settings that `remit init` writes, and what it does not cover',
  (configuration) => {
    const guide = page(`agents/${configuration.agent}`)
    const [, path = '', format = '', text = ''] = /^`(~\/\S+)`:\n\n```(\w+)\n([\s\S]*?)```/m.exec(guide) ?? []
    const shown = valueOf({
      path,
      target: path,
      level: 'user',
      format: format as 'json' | 'toml',
      text,
      uses: [],
    })
    const whole = written(configuration).get(path) ?? {}
    expect(Object.keys(shown)).not.toEqual([])
    for (const [key, value] of Object.entries(shown)) expect(value).toEqual(whole[key])
    expect(guide).toContain(`remit init --agent ${configuration.agent} `)
    expect(guide).toMatch(/^## Covered$[\s\S]*^## Not covered$[\s\S]*remit init --undo/m)
  },
)

/** The first JSON of the page that has a hook of this agent. */
function shownHooks(agent: string): Readonly<Record<string, unknown>> | undefined {
  const blocks = [...page('hooks').matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  const block = blocks.find((text) => text.includes(`"remit-hook ${agent}"`))
  return block === undefined ? undefined : (JSON.parse(block) as { hooks: Record<string, unknown> }).hooks
}

// Kiro’s hooks are nobody’s but its agents’, and VS Code asks as Copilot CLI.
test.each(['claude-code', 'codex', 'gemini-cli', 'copilot-cli', 'cursor', 'devin', 'windsurf'])(
  'R-AGT-2: docs/hooks.md shows whoever writes the hooks of %s by hand those that `remit init` writes',
  (agent) => {
    const part = KNOWN_AGENTS.filter((each) => each.agent === agent)
      .flatMap((each) => each.files(PLACE))
      .flatMap(({ parts }) => parts)
      .find(({ kind }) => kind === 'hooks')
    const entries =
      part?.kind === 'hooks' ? part.entries({ ...commandsOf(agent), hook: `remit-hook ${agent}` }) : {}
    const events = Object.entries(entries).map(([event, entry]) => [event, [entry]] as const)
    const shown = shownHooks(agent) ?? {}
    // Of Windsurf the page has one event, and says that the others are alike.
    const named = events.filter(([event]) => agent !== 'windsurf' || event in shown)
    expect(named.length).toBeGreaterThan(0)
    expect(shown).toEqual(Object.fromEntries(named))
  },
)

test('R-UX-1: every guide is found from the page of agents, and what a guide points to is there', () => {
  const index = page('agents')
  expect(KNOWN_AGENTS.filter(({ agent }) => !index.includes(`(agents/${agent}.md)`))).toEqual([])
  const targets = KNOWN_AGENTS.flatMap(({ agent }) =>
    [...page(`agents/${agent}`).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target),
  )
  expect(targets.length).toBeGreaterThan(KNOWN_AGENTS.length)
  const folder = new URL('../../../docs/agents/', import.meta.url)
  expect(targets.filter((target) => !existsSync(new URL(target, folder)))).toEqual([])
})

test('R-AGT-1: a guide says of the agents that are run for real which version that was, and of the others that they were not', () => {
  const tried = new Map<string, { readonly version: string }>(Object.entries(PINNED))
  const wrong = KNOWN_AGENTS.filter(({ agent }) => {
    const version = tried.get(agent)?.version
    const said =
      version === undefined ? '**the program itself was not run**' : `Tried with: ${version}, the program`
    return !page(`agents/${agent}`).includes(said)
  })
  expect(wrong).toEqual([])
})
