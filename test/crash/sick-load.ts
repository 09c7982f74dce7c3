import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { RemitError } from '../../src/core/errors.ts'
import { SILENT } from '../../src/core/log.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import { decisionRecord } from '../suites/sample-records.ts'

// Does what its standard input says, a line each, and answers with a line of JSON each: `commit <name> <count>` when all of
// them are settled, `look` at once.
const [folder = ''] = process.argv.slice(2)
const store = await openSqliteStore({
  file: join(folder, 'remit.db'),
  checkpointFolder: folder,
  signingKey: createPrivateKey(readFileSync(join(folder, 'key.pem'), 'utf8')),
  log: SILENT,
  limits: { waitingUnits: 500 },
})

for await (const line of createInterface({ input: process.stdin })) {
  const [what, name = '', count = ''] = line.split(' ')
  if (what === 'look') say({ health: store.health(), depth: store.depth() })
  else void commit(name, Number(count))
}

async function commit(name: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, at) => `dec_${name}_${at}`)
  const codes: Record<string, number> = {}
  const stored: string[] = []
  const refused: string[] = []
  await Promise.all(
    ids.map(async (id) => {
      try {
        await store.journal.commit({ records: [decisionRecord({ id, task: 'tsk_1' })], changes: [] })
        stored.push(id)
      } catch (error) {
        const code = error instanceof RemitError ? error.code : 'unknown'
        codes[code] = (codes[code] ?? 0) + 1
        refused.push(id)
      }
    }),
  )
  say({ stored, refused, codes })
}

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
