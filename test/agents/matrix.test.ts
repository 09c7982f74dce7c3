import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { plantSeed } from './cells.ts'
import { CLAUDE_CODE } from './drivers/claude-code.ts'
import { CODEX } from './drivers/codex.ts'
import { installAgent } from './installed-agent.ts'
import { playMatrix, type Seen } from './matrix.ts'
import { startScriptedModel, type ScriptedModel } from './model/scripted-model.ts'

const AGENTS = [CLAUDE_CODE, CODEX]
/** Comma-separated names; default all. */
const WANTED = process.env['REMIT_AGENTS']?.split(',')

let gateway: RunningGateway
let model: ScriptedModel
beforeAll(async () => {
  gateway = await startGateway({
    config: (at) => `consent: { hold: 40s }\nhooks: { hold: 40s }\n${realServers(at)}`,
    policies: [join(ROOT, 'policies', 'coding-agent'), join(ROOT, 'test', 'agents', 'policy')],
  })
  plantSeed(gateway.workspace)
  model = await startScriptedModel()
})
afterAll(async () => {
  model.close()
  await gateway.remove()
})

const DOORS = ['shell', 'edit', 'read', 'mcp', 'mcp-http']

describe.each(AGENTS.filter(({ name }) => WANTED?.includes(name) ?? true))(
  'R-AGT-1: $name $version',
  (agent) => {
    let cells: ReadonlyMap<string, Seen> = new Map()
    let missing: string | undefined
    beforeAll(async () => {
      const installed = installAgent(agent.package, agent.version, agent.binary)
      if ('missing' in installed) missing = installed.missing
      else cells = await playMatrix({ gateway, model, program: installed.program }, agent)
    })

    /** Skips with the reason what this agent cannot. */
    function cell(name: string, skip: (why: string) => void): Seen {
      if (missing !== undefined) skip(missing)
      const seen = cells.get(name)
      if (seen === undefined) skip(`${agent.name} has no tool for ${name}`)
      return seen ?? { happened: false, decided: [], leaked: false, offered: false }
    }
    const effects = ({ decided }: Seen): readonly string[] => decided.map((each) => each.effect)
    const doorOf = (door: string): string => (door.startsWith('mcp') ? 'mcp' : 'hook')

    for (const door of DOORS) {
      test(`${door}: what is allowed happens, and was decided once, at its door`, ({ skip }) => {
        const seen = cell(`allow/${door}`, skip)
        expect(seen).toMatchObject({ happened: true, decided: [{ effect: 'allow', door: doorOf(door) }] })
      })

      test(`${door}: what is denied does not happen`, ({ skip }) => {
        const seen = cell(`forbidden/${door}`, skip)
        expect(seen).toMatchObject({ happened: false, decided: [{ effect: 'deny', door: doorOf(door) }] })
      })

      test(`${door}: what a human agrees to happens`, ({ skip }) => {
        const seen = cell(`asked-yes/${door}`, skip)
        expect(seen.happened).toBe(true)
        expect([effects(seen)[0], effects(seen).at(-1)]).toEqual(['consent', 'allow'])
        expect(effects(seen).filter((effect) => effect === 'allow')).toHaveLength(1)
      })

      test(`${door}: what a human refuses does not happen`, ({ skip }) => {
        const seen = cell(`asked-no/${door}`, skip)
        expect(seen.happened).toBe(false)
        expect(effects(seen)[0]).toBe('consent')
        expect(effects(seen)).not.toContain('allow')
      })

      test(`${door}: a secret in a result does not reach the model`, ({ skip }) => {
        const seen = cell(`secret/${door}`, skip)
        expect(effects(seen)).toEqual(['allow'])
        expect(seen.leaked).toBe(false)
      })
    }

    for (const door of ['shell', 'edit', 'read', 'mcp']) {
      test(`${door}: nothing happens while there is no gateway`, ({ skip }) => {
        const seen = cell(`down/${door}`, skip)
        // Without a gateway there are none of its tools.
        expect(seen).toMatchObject({ happened: false, decided: [], offered: door !== 'mcp' })
      })
    }

    for (const door of ['shell', 'edit', 'read']) {
      test(`${door}: nothing happens when the gateway does not answer in time`, ({ skip }) => {
        expect(cell(`late/${door}`, skip)).toMatchObject({ happened: false, decided: [], offered: true })
      })
    }
  },
)
