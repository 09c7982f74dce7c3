import { createPrivateKey } from 'node:crypto'
import { openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { SILENT } from '../../src/core/log.ts'
import { DEFAULT_TENANT, type Digest, type TaskId } from '../../src/core/ids.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import { decisionRecord, outcomeRecord, sampleApproval } from '../suites/sample-records.ts'

// Commits without end until it is killed, and writes to `said` what was acknowledged, a line each: a file,
// since a pipe that is full would slow it down or lose a line.
const [folder = '', run = ''] = process.argv.slice(2)
const store = await openSqliteStore({
  file: join(folder, 'remit.db'),
  checkpointFolder: folder,
  signingKey: createPrivateKey(readFileSync(join(folder, 'key.pem'), 'utf8')),
  log: SILENT,
  checkpointInterval: 20,
})
const said = openSync(join(folder, 'said'), 'a')
writeSync(1, 'ready\n')
await Promise.all([
  ...Array.from({ length: 12 }, (_, lane) => decide(lane)),
  ...Array.from({ length: 3 }, (_, lane) => consume(lane)),
])

async function decide(lane: number): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `dec_${run}_${lane}_${i}`
    const record = i % 2 === 0 ? decisionRecord({ id, task: 'tsk_1' }) : outcomeRecord({ id, task: 'tsk_1' })
    await store.journal.commit({
      records: [record],
      changes: [{ kind: 'add-facts', tenant: DEFAULT_TENANT, root: 'tsk_1' as TaskId, add: { calls: 1 } }],
    })
    say(id)
  }
}

/** Many try to use one grant at the same time. */
async function consume(lane: number): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `apr_${run}_${lane}_${i}`
    const granted = sampleApproval(id, { call: id as Digest, state: 'granted' })
    await store.journal.commit({ records: [], changes: [{ kind: 'insert-approval', approval: granted }] })
    const from = { id: granted.id, state: granted.state, votes: 0 }
    const use = async (): Promise<void> => {
      const result = await store.journal.commit({
        records: [decisionRecord({ id, task: 'tsk_2' })],
        changes: [{ kind: 'update-approval', from, approval: { ...granted, state: 'used' } }],
      })
      if (result === 'committed') say(id)
    }
    await Promise.all([use(), use(), use(), use()])
  }
}

function say(what: string): void {
  writeSync(said, `${what}\n`)
}
