import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { cellOf, happened, plantSeed, type Cell } from './cells.ts'
import { readLedger } from './decided.ts'
import { CLAUDE_CODE } from './drivers/claude-code.ts'
import { CLINE } from './drivers/cline.ts'
import { CODEX } from './drivers/codex.ts'
import { installAgent } from './installed-agent.ts'
import { startScriptedModel, type ScriptedModel } from './model/scripted-model.ts'

/** What a hook refuses comes last, since it ends the run of Cline. */
const CELLS = [
  ['allow', 'shell'],
  ['allow', 'mcp'],
  ['forbidden', 'mcp'],
  ['forbidden', 'shell'],
] as const

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

describe('R-AGT-1: hooks over the connection of their agent, in the program itself', () => {
  for (const agent of [CLAUDE_CODE, CODEX, CLINE]) {
    test(`${agent.name} ${agent.version}: its own tools and the gateway's, and no token is about`, async ({
      skip,
    }) => {
      const installed = installAgent(agent)
      if ('missing' in installed) return skip(installed.missing)
      const home = join(gateway.home, `connected-${agent.name}`)
      mkdirSync(home)
      const session = {
        program: installed.program,
        home,
        workspace: gateway.workspace,
        modelUrl: model.url,
        gatewayUrl: new URL(gateway.agentUrl).origin,
        // No hook has one.
        token: '',
        connectToken: gateway.task().token,
        mcp: 'stdio' as const,
        connected: agent.name,
      }
      const cells = CELLS.map(([column, door]) => cellOf(agent, session, door, column)).filter(
        (cell): cell is Cell => cell !== undefined,
      )
      model.script.play(cells.map(({ step }) => step))
      await agent.run(session)
      const ledger = readLedger(gateway)
      const seen = cells.map((cell) => ({
        happened: happened(cell, session.workspace, model.script.seen),
        decided: ledger(cell.file).map(({ effect, door }) => `${effect} at ${door}`),
      }))
      expect(seen).toEqual([
        { happened: true, decided: ['allow at hook'] },
        { happened: true, decided: ['allow at mcp'] },
        { happened: false, decided: ['deny at mcp'] },
        { happened: false, decided: ['deny at hook'] },
      ])
    })
  }
})
