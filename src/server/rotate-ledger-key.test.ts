import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decisionRecord } from '../../test/suites/sample-records.ts'
import { restore } from '../../test/support/backed-up.ts'
import { checkpointsIn } from '../audit/checkpoint-log.ts'
import { SILENT } from '../core/log.ts'
import { backUp } from './backup/back-up.ts'
import { PLAIN_KEY_FILES } from './custody/key-files.ts'
import { loadKeys } from './keys.ts'
import { loadConfig } from './load-config.ts'
import { verifyOffline } from './offline-ledger.ts'
import { openStore } from './open-store.ts'
import { rotateLedgerKey } from './rotate-ledger-key.ts'
import { makeStateFolder } from './state-folder.ts'
import { stateOf } from './state-of.ts'

let cwd: string
const environ = {}

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'remit-rotate-'))
  writeFileSync(join(cwd, 'remit.yaml'), 'tenant: default\n')
})
afterEach(() => {
  rmSync(cwd, { recursive: true })
})

/** As a gateway does in one run of it. */
async function writeRecord(id: string): Promise<void> {
  const loaded = loadConfig({ cwd, environ })
  const state = makeStateFolder(stateOf(loaded))
  const store = await openStore(
    { loaded, log: SILENT },
    { state, keys: loadKeys(state.keys), keyFiles: PLAIN_KEY_FILES },
  )
  await store.journal.commit({ records: [decisionRecord({ id, task: 'tsk_1' })], changes: [] })
  await store.close()
}

const keyFile = (): string => join(cwd, '.remit', 'keys', 'checkpoint.pem')

function keepPublic(name: string): string {
  const key: KeyObject = createPublicKey(readFileSync(keyFile()))
  const file = join(cwd, name)
  writeFileSync(file, key.export({ type: 'spki', format: 'pem' }))
  return file
}

test('R-AUD-2: after two changes of key the ledger verifies from the first and from the newest', async () => {
  await writeRecord('dec_1')
  const first = keepPublic('first.pem')
  await rotateLedgerKey({ cwd, environ })
  await writeRecord('dec_2')
  await rotateLedgerKey({ cwd, environ })
  await writeRecord('dec_3')
  for (const publicKeys of [undefined, [first], [keepPublic('newest.pem')]]) {
    const report = await verifyOffline({ cwd, environ, publicKeys })
    expect(report).toMatchObject({
      ok: true,
      findings: [],
      cautions: [],
      tenants: [{ keyChanges: 2, records: 5 }],
    })
  }
  const outside = checkpointsIn(
    readFileSync(join(cwd, '.remit', 'checkpoints', 'checkpoints-default.log'), 'utf8'),
  )
  expect(outside.filter(({ note }) => note?.match(/^— /gmu)?.length === 2)).toHaveLength(2)
})

test('R-AUD-2: a change that was cut off keeps the gateway from starting until it is finished', async () => {
  await writeRecord('dec_1')
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(
    join(cwd, '.remit', 'keys', 'checkpoint.next.pem'),
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    {
      mode: 0o600,
    },
  )
  await expect(writeRecord('dec_2')).rejects.toMatchObject({ code: 'key_unusable' })
  await rotateLedgerKey({ cwd, environ })
  await writeRecord('dec_2')
  expect(await verifyOffline({ cwd, environ })).toMatchObject({ ok: true })
})

test('R-AUD-2: after a loss the ledger goes on under a new key, and verify says so', async () => {
  await writeRecord('dec_1')
  const lost = keepPublic('lost.pem')
  renameSync(keyFile(), join(cwd, 'gone.pem'))
  await expect(writeRecord('dec_2')).rejects.toMatchObject({ code: 'ledger_broken' })
  await rotateLedgerKey({ cwd, environ, lost })
  await writeRecord('dec_2')
  const report = await verifyOffline({ cwd, environ })
  expect(report.ok).toBe(true)
  expect(report.cautions.join('\n')).toContain('the ledger’s key was lost, and another took over at record 1')
  const fromBefore = await verifyOffline({ cwd, environ, publicKeys: [lost] })
  expect(fromBefore.findings).toContainEqual(expect.objectContaining({ kind: 'key', index: 1 }))
})

test('R-AUD-2: no key is changed while a gateway runs, which may start again as it was', async () => {
  await writeRecord('dec_1')
  const loaded = loadConfig({ cwd, environ })
  const state = makeStateFolder(stateOf(loaded))
  const own = { state, keys: loadKeys(state.keys), keyFiles: PLAIN_KEY_FILES }
  const running = await openStore({ loaded, log: SILENT }, own)
  await expect(rotateLedgerKey({ cwd, environ })).rejects.toMatchObject({ code: 'state_locked' })
  await running.close()
  await writeRecord('dec_2')
  expect(await verifyOffline({ cwd, environ })).toMatchObject({ ok: true, tenants: [{ keyChanges: 0 }] })
})

test('R-AUD-2, R-REL-1: backups from before and after a change of key are verified and restored, and go on', async () => {
  const back = (name: string) =>
    backUp({ cwd, environ, output: name, note: () => Promise.reject(new Error('no gateway runs')) })
  await writeRecord('dec_1')
  await back('before.backup')
  const old = keepPublic('old.pem')
  await rotateLedgerKey({ cwd, environ })
  await writeRecord('dec_2')
  expect((await back('after.backup')).tenants).toEqual([{ tenant: 'default', records: 5 }])
  await writeRecord('dec_3')

  await expect(restore(cwd, 'after.backup', { force: true })).rejects.toMatchObject({
    message: expect.stringContaining('had 6 records, and the backup has 5'),
  })
  const after = await restore(cwd, 'after.backup', { force: true, acceptRollback: true })
  expect(after).toMatchObject({ lost: { default: { had: 6, has: 5 } }, selfSigned: false, compared: true })
  await writeRecord('dec_4')
  expect(await verifyOffline({ cwd, environ })).toMatchObject({ ok: true, tenants: [{ keyChanges: 1 }] })

  const before = await restore(cwd, 'before.backup', { force: true, acceptRollback: true })
  expect(before).toMatchObject({ lost: { default: { had: 6, has: 2 } }, keyOfLater: true })
  // Its keys did not come along, and the newer one has signed nothing of it.
  await expect(writeRecord('dec_5')).rejects.toMatchObject({ code: 'ledger_broken' })
  await rotateLedgerKey({ cwd, environ, lost: old })
  await writeRecord('dec_5')
  expect(await verifyOffline({ cwd, environ })).toMatchObject({ ok: true, tenants: [{ keyChanges: 1 }] })
})
