import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { plantSeed } from './cells.ts'
import { checkCell } from './check-cell.ts'
import { COLUMNS, isWanted, TITLES } from './columns.ts'
import { DOORS } from './doors.ts'
import { CLAUDE_CODE } from './drivers/claude-code.ts'
import { CLINE } from './drivers/cline.ts'
import { CODEX } from './drivers/codex.ts'
import { COPILOT_CLI } from './drivers/copilot-cli.ts'
import { GEMINI_CLI } from './drivers/gemini-cli.ts'
import { OPENCODE } from './drivers/opencode.ts'
import { installAgent } from './installed-agent.ts'
import { playMatrix, type Played } from './matrix.ts'
import { startScriptedModel, type ScriptedModel } from './model/scripted-model.ts'
import { Table } from './table.ts'

const AGENTS = [CLAUDE_CODE, CODEX, GEMINI_CLI, COPILOT_CLI, OPENCODE, CLINE]
/** Comma-separated names; default all. */
const WANTED = process.env['REMIT_AGENTS']?.split(',')

let gateway: RunningGateway
let model: ScriptedModel
const table = new Table()
beforeAll(async () => {
  gateway = await startGateway({
    config: (at) => `consent: { hold: 40s }\nhooks: { hold: 40s }\n${realServers(at)}`,
    prepare: (home) => copyPack(join(home, 'pack')),
    policies: ['pack', join(ROOT, 'test', 'agents', 'policy')],
  })
  plantSeed(gateway.workspace)
  model = await startScriptedModel()
})
afterAll(async () => {
  model.close()
  await gateway.remove()
  console.log(`\n${table.text()}\n`)
})

describe.each(AGENTS.filter(({ name }) => WANTED?.includes(name) ?? true))(
  'R-AGT-1: $name $version',
  (agent) => {
    let played: Played | undefined
    let missing = ''
    beforeAll(async () => {
      const installed = installAgent(agent)
      if ('missing' in installed) ({ missing } = installed)
      else played = await playMatrix({ gateway, model, program: installed.program }, agent)
    })

    for (const door of DOORS)
      for (const column of COLUMNS)
        test(`${door}: ${TITLES[column]}`, ({ skip }) => {
          table.mark(agent, column, door, 'FAIL')
          if (played === undefined || !isWanted(column)) {
            table.mark(agent, column, door, 'skip')
            skip(missing || 'not asked for')
            return
          }
          const mark = checkCell(agent, played, column, door)
          expect(mark).not.toBe('FAIL')
          table.mark(agent, column, door, mark)
        })
  },
)

/** The default pack, but that a task whose token no key holds may start agents, too: that of the hooks is one. */
function copyPack(folder: string): void {
  const filter = (file: string): boolean => !file.endsWith('bearer.cedar')
  cpSync(join(ROOT, 'policies', 'coding-agent'), folder, { recursive: true, filter })
}
