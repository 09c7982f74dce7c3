import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RemitError } from '../../src/core/errors.ts'
import { gitStateOf } from '../../src/server/init/git-state.ts'
import { applyUndo, type LaterChanges, planUndo } from '../../src/server/init/undo-init.ts'
import { type AgentHome, FILES, makeAgentHome, PASSWORD, TOKEN } from './agent-homes.ts'
import { init, journalOf, plan, Store } from './init-in-process.ts'

const CLAUDE = Object.fromEntries(
  Object.entries(FILES).filter(([name]) => name.startsWith('.claude') || name.startsWith('.codex')),
)

const withoutState = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith('.remit/')))

async function undo(place: AgentHome, later: LaterChanges = 'refuse'): Promise<void> {
  const newest = (await journalOf(place)).newest()
  if (newest === undefined) throw new Error('no run')
  applyUndo(planUndo(newest.run, later))
  newest.remove()
}

test('R-AGT-2: undone, every file is byte for byte what it was, with its mode, and those that were not there are gone', async () => {
  const place = makeAgentHome((text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`, CLAUDE)
  chmodSync(join(place.home, '.claude.json'), 0o640)
  const before = place.all()
  await init(place)
  expect(place.all()['.codex/hooks.json']).toBeDefined()
  await undo(place)
  expect(withoutState(place.all())).toEqual(before)
  expect(statSync(join(place.home, '.claude.json')).mode & 0o777).toBe(0o640)
  expect((await journalOf(place)).newest()).toBeUndefined()
})

test('R-AGT-2: what is kept for the undoing is sealed, and readable for its owner alone', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  await init(place)
  const kept = join(place.home, '.remit', 'init', 'run-000001.json')
  expect(statSync(kept).mode & 0o777).toBe(0o600)
  const all = JSON.stringify(place.all())
  expect(
    [TOKEN, PASSWORD, Buffer.from(TOKEN).toString('base64')].filter((value) => all.includes(value)),
  ).toEqual([])
  writeFileSync(kept, readFileSync(kept, 'utf8').replace(/"sealed":"..../, '"sealed":"AAAA'))
  const journal = await journalOf(place)
  expect(() => journal.newest()).toThrow('cannot be opened')
})

test('R-AGT-2: a file that changed since is not overwritten: its human says whether that is kept or discarded', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  const before = place.all()
  await init(place)
  const claude = join(place.home, '.claude.json')
  const codex = join(place.home, '.codex/config.toml')
  writeFileSync(claude, readFileSync(claude, 'utf8').replace('"numStartups": 41', '"numStartups": 42'))
  writeFileSync(codex, `${readFileSync(codex, 'utf8')}\n[tui]\ntheme = "dark"\n`)
  const after = place.all()
  await expect(undo(place)).rejects.toThrow(
    /\.claude\.json` changed since\n.*config\.toml` changed since\nnothing was changed; `--later keep`/,
  )
  expect(place.all()).toEqual(after)
  await undo(place, 'keep')
  const kept = JSON.parse(readFileSync(claude, 'utf8')) as { mcpServers: object }
  const old = JSON.parse(before['.claude.json'] ?? '') as { mcpServers: object }
  expect(kept).toEqual({ ...old, numStartups: 42 })
  expect(readFileSync(codex, 'utf8')).toContain('[mcp_servers.docs]')
  expect(readFileSync(codex, 'utf8')).toContain('theme = "dark"')
  expect(readFileSync(codex, 'utf8')).not.toContain('[mcp_servers.remit]')
  expect(place.all()['.claude/settings.json']).toBe(before['.claude/settings.json'])
})

test('R-AGT-2: what its human changed in the very entry of the gateway is not taken for ours', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  const before = place.all()
  await init(place)
  const claude = join(place.home, '.claude.json')
  writeFileSync(claude, readFileSync(claude, 'utf8').replace('"connect"', '"connect", "--verbose"'))
  await expect(undo(place, 'keep')).rejects.toThrow('changed since, at `mcpServers.remit` itself')
  await undo(place, 'discard')
  expect(withoutState(place.all())).toEqual(before)
})

test('R-AGT-2: where the gateway does not take its file, or a file changes meanwhile, everything is as it was', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  const before = place.all()
  const store = new Store()
  store.refuses = new RemitError('config_invalid', 'not this')
  await expect(init(place, {}, store)).rejects.toThrow('not this')
  expect(store.values.size).toBe(0)
  expect(withoutState(place.all())).toEqual(before)
  expect((await journalOf(place)).newest()).toBeUndefined()
  // Between the gateway's file and the agents'.
  const racing = new Store()
  racing.reload = async () => {
    writeFileSync(join(place.home, '.codex/hooks.json'), '{}')
    return 'taken'
  }
  await expect(init(place, {}, racing)).rejects.toThrow('hooks.json` changed meanwhile')
  expect(withoutState(place.all())).toEqual({ ...before, '.codex/hooks.json': '{}' })
})

test('R-AGT-2: a home in which nothing can be written is told before anything is changed', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  const before = place.all()
  // Whoever may do everything cannot write here either: a name that no file system has.
  const long = join(place.home, '.codex-long', 'x'.repeat(254))
  mkdirSync(join(long, '..'))
  renameSync(join(place.home, '.codex/config.toml'), long)
  symlinkSync(long, join(place.home, '.codex/config.toml'))
  const store = new Store()
  await expect(init(place, {}, store)).rejects.toThrow(
    /cannot be written \(ENAMETOOLONG\); nothing was changed/,
  )
  expect(store.values.size).toBe(0)
  rmSync(join(place.home, '.codex/config.toml'))
  renameSync(long, join(place.home, '.codex/config.toml'))
  expect(withoutState(place.all())).toEqual(before)
})

test('R-AGT-2: behind a link the file itself is written, and the link stays', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  const real = join(place.home, 'dotfiles.json')
  const link = join(place.home, '.claude/settings.json')
  renameSync(link, real)
  symlinkSync(real, link)
  await init(place)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toContain('remit-hook claude-code')
  await undo(place)
  expect(readFileSync(real, 'utf8')).toBe(FILES['.claude/settings.json'])
})

test('R-AGT-2: what git tracks, or would take, is told where a secret was in it or paths of this machine would be', () => {
  const place = makeAgentHome(undefined, {
    ...CLAUDE,
    '@P/.mcp.json': `{"mcpServers":{"team":{"command":"node","env":{"TEAM_TOKEN":"${TOKEN}8"}}}}`,
    '@P/.gitignore': 'ignored.json\n',
  })
  const git = (...args: string[]): void => void spawnSync('git', ['-C', place.project, ...args])
  git('init', '-q')
  git('add', '.mcp.json')
  const states = ['.mcp.json', '.claude/settings.json', 'ignored.json'].map((name) =>
    gitStateOf(join(place.project, name)),
  )
  expect(states).toEqual(['tracked', 'could be tracked', 'ignored'])
  expect(gitStateOf(join(place.home, '.claude.json'))).toBe('no repository')
  expect(plan(place).warnings).toEqual([
    expect.stringMatching(/\.mcp\.json is tracked by git, so its history has team-team-token/),
  ])
  const ofProject = plan(place, { level: 'project' })
  expect(ofProject.moved.map(({ key }) => key)).toEqual(['team'])
  expect(ofProject.warnings.join('\n')).toContain('settings.json could be tracked by git')
})

test('R-AGT-2: a value that moves and stands in plain text elsewhere is told with its place, in copies of agents too', () => {
  const place = makeAgentHome(undefined, {
    ...CLAUDE,
    '.claude/settings.json': `{\n  "env": { "GH": "${TOKEN}" }\n}\n`,
    '.claude/backups/.claude.json.backup.1': JSON.stringify({ kept: TOKEN }),
  })
  const warnings = plan(place).warnings.map((warning) => warning.replace(place.home, '~'))
  expect(warnings).toEqual([
    '~/.claude/settings.json:2:19: the value of `forge-github-token` still stands here in plain text; take it out by hand',
    '~/.claude/backups/.claude.json.backup.1: a copy that Claude Code keeps still has forge-github-token in plain text; remove it',
  ])
})

test('R-AGT-2: a link in the place of a file that was written is not followed, nor taken for it', async () => {
  const place = makeAgentHome(undefined, CLAUDE)
  await init(place)
  const settings = join(place.home, '.claude/settings.json')
  const elsewhere = join(place.home, 'elsewhere.json')
  renameSync(settings, elsewhere)
  symlinkSync(elsewhere, settings)
  const written = place.all()
  for (const later of ['refuse', 'discard'] as const) {
    await expect(undo(place, later)).rejects.toThrow('settings.json` is a link now')
  }
  expect(place.all()).toEqual(written)
})
