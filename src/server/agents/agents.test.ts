import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { expect, test } from 'vitest'
import { ADAPTERS } from '../../hooks/adapters.ts'
import { type AgentSurroundings, ownAgentSurroundings } from './agent-surroundings.ts'
import { findAgents } from './find-agents.ts'
import { asksGateway, gatewayCommands } from './gateway-commands.ts'
import { KNOWN_AGENTS } from './known-agents.ts'

const at = (platform: NodeJS.Platform, environ = {}): AgentSurroundings => {
  const home = mkdtempSync(join(tmpdir(), 'remit-agents-'))
  return { ...ownAgentSurroundings({ HOME: home, ...environ }, join(home, 'project')), platform }
}

test('R-AGT-2: whoever has hooks that are understood has files that are known, under the same key', () => {
  const known = KNOWN_AGENTS.map(({ agent }) => agent)
  expect(new Set(known).size).toBe(known.length)
  expect(known).toEqual(expect.arrayContaining([...ADAPTERS.keys()]))
})

test.each(['linux', 'darwin', 'win32'] as const)(
  'R-AGT-2: every file of an agent has one place on %s, and each agent’s user has a file in which the gateway can stand',
  (platform) => {
    const place = at(platform, platform === 'win32' ? { APPDATA: '/home/AppData/Roaming' } : {})
    const withoutGateway: string[] = []
    for (const configuration of KNOWN_AGENTS) {
      const all = configuration.files(place)
      const paths = all.map(({ path }) => path)
      expect(paths).toEqual([...new Set(paths)])
      expect(all.filter(({ path, level }) => level !== 'managed' && !isAbsolute(path))).toEqual([])
      const own = all.filter(({ level }) => level === 'user').flatMap(({ parts }) => parts)
      const stands = own.some((part) => part.kind === 'servers' && part.gateway !== undefined)
      if (!stands) withoutGateway.push(configuration.agent)
    }
    expect(withoutGateway).toEqual([])
  },
)

test('R-AGT-2: what an agent is to run has the path of this installation and no secret', () => {
  const commands = gatewayCommands({
    agent: 'codex',
    platform: 'linux',
    connect: ['--login-file', '/home/a/codex.json'],
    root: '/opt/my remit',
  })
  expect(commands.connect).toEqual([
    '/opt/my remit/bin/remit',
    'connect',
    '--login-file',
    '/home/a/codex.json',
  ])
  expect(commands.hook).toBe(`'/opt/my remit/bin/remit-hook' codex`)
  const windows = gatewayCommands({ agent: 'codex', platform: 'win32', connect: [], root: '/remit' })
  expect(windows.hook).toBe('node "/remit/bin/remit" hook codex')
  const asking = [commands.hook, windows.hook, commands.plugin, 'remit-hook codex']
  expect(asking.filter((text) => !asksGateway(text))).toEqual([])
  expect(['echo remit-hooks', 'git hook run', 'file:///x/plugin.js'].filter(asksGateway)).toEqual([])
})

test('R-AGT-2: an agent is found by its program, or by the folder of its settings', () => {
  const place = at('linux')
  const bin = join(place.home, 'bin')
  const program = join(bin, 'claude')
  mkdirSync(dirname(program), { recursive: true })
  writeFileSync(program, '#!/bin/sh\n')
  const inPath = { ...place, environ: { PATH: bin } }
  expect(findAgents(inPath)).toEqual([])
  chmodSync(program, 0o755)
  mkdirSync(join(place.home, '.gemini'))
  const found = findAgents(inPath).map(({ configuration, program: path }) => [configuration.agent, path])
  expect(found).toEqual([
    ['claude-code', program],
    ['gemini-cli', undefined],
  ])
})
