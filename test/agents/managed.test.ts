import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatewayCommands } from '../../src/server/agents/gateway-commands.ts'
import { KNOWN_AGENTS } from '../../src/server/agents/known-agents.ts'
import { planManaged } from '../../src/server/init/plan-managed.ts'
import { logInAgent } from '../../src/server/agent-login/log-in-agent.ts'
import { answerDevice } from '../support/device-flow.ts'
import { realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { cellOf, happened, plantSeed, type Cell } from './cells.ts'
import { readLedger } from './decided.ts'
import { LOGIN, MANAGED, OTHER_RAN } from './drivers/managed.ts'
import { installAgent } from './installed-agent.ts'
import { startScriptedModel, type ScriptedModel } from './model/scripted-model.ts'

let gateway: RunningGateway
let model: ScriptedModel
beforeAll(async () => {
  gateway = await startGateway({
    config: realServers,
    policies: [join(ROOT, 'policies', 'coding-agent'), join(ROOT, 'test', 'agents', 'policy')],
  })
  plantSeed(gateway.workspace)
  model = await startScriptedModel()
})
afterAll(async () => {
  model.close()
  await gateway.remove()
})

/** The files of administrators, below a folder. */
function writeManaged(agent: string, root: string): void {
  const configuration = KNOWN_AGENTS.find((each) => each.agent === agent)
  if (configuration === undefined) throw new Error(`no agent ${agent}`)
  const { platform } = process
  const at = { platform, environ: {}, home: root, project: root, managedRoot: root }
  const { changes } = planManaged({
    agents: [{ configuration }],
    at,
    commandsOf: () =>
      gatewayCommands({
        agent,
        platform,
        connect: ['--agent', agent, '--url', gateway.agentUrl, '--login-file', `~/${LOGIN}`],
      }),
  })
  for (const { file, after } of changes) {
    mkdirSync(join(file.path, '..'), { recursive: true })
    writeFileSync(file.path, after)
  }
}

/** As its human does once, in a terminal. */
async function logIn(home: string): Promise<void> {
  const file = join(home, LOGIN)
  mkdirSync(join(file, '..'), { recursive: true })
  let told = ''
  const login = await logInAgent({
    url: gateway.agentUrl,
    file,
    tell: (text) => {
      told = text
    },
    sleep: async () => {
      await answerDevice(gateway, /[B-Z]{4}-[B-Z]{4}/.exec(told)?.[0] ?? '', {
        workspace: gateway.workspace,
      })
    },
    now: () => Date.now(),
    log: { log: () => {} },
  })
  await login.end()
}

/** A program that sees these files in /etc, and nobody else does. */
function withEtc(root: string, program: string): string {
  const wrapper = join(root, 'agent')
  const inside = `mount --make-rprivate / && mount -t overlay overlay -o lowerdir=${root}/etc:/etc /etc && exec "$@"`
  writeFileSync(wrapper, `#!/bin/sh\nexec unshare -m sh -c '${inside}' _ ${program} "$@"\n`, { mode: 0o755 })
  return wrapper
}

describe('R-AGT-2: the files of administrators, in the program itself', () => {
  for (const agent of MANAGED) {
    test(`${agent.name} ${agent.version}: its hooks and its one server hold without a word of its user, who switched all off`, async ({
      skip,
    }) => {
      const installed = installAgent(agent)
      if ('missing' in installed) return skip(installed.missing)
      const home = join(gateway.home, `managed-${agent.name}`)
      mkdirSync(home)
      writeManaged(agent.name, home)
      await logIn(home)
      const program = withEtc(home, installed.program)
      if (spawnSync(program, ['--version']).status !== 0) return skip('no mount namespace can be made here')
      const session = {
        program,
        home,
        workspace: gateway.workspace,
        modelUrl: model.url,
        gatewayUrl: new URL(gateway.agentUrl).origin,
        token: '',
        connectToken: '',
        mcp: 'stdio' as const,
      }
      const cells = (['allow', 'forbidden'] as const)
        .flatMap((column) => (['shell', 'mcp'] as const).map((door) => cellOf(agent, session, door, column)))
        .filter((cell): cell is Cell => cell !== undefined)
      model.script.play(cells.map(({ step }) => step))
      const printed = await agent.run(session)
      expect(existsSync(join(home, OTHER_RAN))).toBe(false)
      const ledger = readLedger(gateway)
      const seen = cells.map((cell) => ({
        happened: happened(cell, session.workspace, model.script.seen),
        decided: ledger(cell.file).map(({ effect, door }) => `${effect} at ${door}`),
      }))
      expect({ seen, printed }).toMatchObject({
        seen: [
          { happened: true, decided: ['allow at hook'] },
          { happened: true, decided: ['allow at mcp'] },
          { happened: false, decided: ['deny at hook'] },
          { happened: false, decided: ['deny at mcp'] },
        ],
      })
    })
  }
})
