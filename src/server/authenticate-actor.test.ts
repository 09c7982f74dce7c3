import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId, type TaskId } from '../core/ids.ts'
import { hashApproverCode, matchesApproverCode, newApproverCode } from './approver-code.ts'
import { ActorAuthenticator } from './authenticate-actor.ts'
import { setUpApprovers } from './set-up-approvers.ts'

const human = (id: string, roles: string[] = []) => ({
  tenant: DEFAULT_TENANT,
  id: id as HumanId,
  teams: [],
  roles,
})
const LOCAL = `remit_local_${'a'.repeat(43)}`

let hashes: Awaited<ReturnType<typeof hashApproverCode>>[]
let now = 0

beforeAll(async () => {
  hashes = [await hashApproverCode('alice-code-123456'), await hashApproverCode('bob-code-1234567')]
})

function authenticator() {
  return new ActorAuthenticator({
    localCredential: LOCAL,
    approvers: { alice: hashes[0]!, bob: hashes[1]!, gone: hashes[1]! },
    known: [],
    humans: [human('alice'), human('bob')],
    clock: { now: () => now, micros: () => 0 },
  })
}

describe('approver codes', () => {
  test('are unguessable, forgiving to type, and kept as a salted hash only', async () => {
    const code = newApproverCode()
    expect(code).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/)
    const kept = await hashApproverCode(code)
    expect(JSON.stringify(kept)).not.toContain(code.slice(0, 5))
    expect(await matchesApproverCode(code.toUpperCase().replaceAll('-', ' '), kept)).toBe(true)
    expect(await matchesApproverCode(`${code}x`, kept)).toBe(false)
    expect((await hashApproverCode(code)).hash).not.toBe(kept.hash)
  })

  test('R-SEC-1: are printed on the first start only, and the file holds no code', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'remit-approver-')), 'approvers.json')
    const first = await setUpApprovers(path, [human('alice')], undefined)
    expect(first.printOnce?.human).toBe('alice')
    expect(readFileSync(path, 'utf8')).not.toContain(first.printOnce?.code)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await setUpApprovers(path, [human('alice')], undefined)).printOnce).toBeUndefined()
  })

  test('the first code is for the first human who may approve', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'remit-approver-')), 'approvers.json')
    const made = await setUpApprovers(path, [human('alice'), human('mona', ['maintainer'])], undefined)
    expect(made.printOnce?.human).toBe('mona')
  })

  test('may be given, for the owner or for named humans; short ones and strangers are refused', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'remit-approver-')), 'approvers.json')
    const given = await setUpApprovers(
      path,
      [human('alice'), human('bob')],
      'alice:a-long-enough-1, bob:a-long-enough-2',
    )
    expect(Object.keys(given.hashes)).toEqual(['alice', 'bob'])
    expect(given.printOnce).toBeUndefined()
    await expect(setUpApprovers(path, [human('alice')], 'short')).rejects.toThrow(/at least 12 characters/)
    await expect(setUpApprovers(path, [human('alice')], 'eve:a-long-enough-3')).rejects.toThrow(
      /`eve`, who is not in/,
    )
  })
})

describe('R-CON-2: who stands behind a credential', () => {
  test('the human on record is the one whose code it was', async () => {
    const who = authenticator()
    expect(await who.authenticate('Bearer bob-code-1234567')).toMatchObject({
      human: { id: 'bob' },
      credential: 'approver',
    })
    expect(await who.authenticate('Bearer alice:alice-code-123456')).toMatchObject({ human: { id: 'alice' } })
    await expect(who.authenticate('Bearer alice:bob-code-1234567')).rejects.toMatchObject({
      code: 'credential_invalid',
    })
  })

  test('the credential on disk never approves', async () => {
    expect(await authenticator().authenticate(`Bearer ${LOCAL}`)).toMatchObject({ credential: 'stored' })
  })

  test('nothing, a task token and a stranger are refused', async () => {
    const who = authenticator()
    await expect(who.authenticate(undefined)).rejects.toMatchObject({ code: 'credential_missing' })
    await expect(who.authenticate('Basic abc')).rejects.toMatchObject({ code: 'credential_missing' })
    await expect(who.authenticate('Bearer aaa.bbb.ccc')).rejects.toThrow(/agent plane only/)
    await expect(who.authenticate('Bearer gone:bob-code-1234567')).rejects.toMatchObject({
      code: 'credential_invalid',
    })
  })

  test('five wrong codes a minute, then everybody waits but those who were right before', async () => {
    const who = authenticator()
    await who.authenticate('Bearer alice:alice-code-123456')
    for (let guess = 0; guess < 5; guess += 1) {
      await expect(who.authenticate(`Bearer alice:wrong-${guess}`)).rejects.toThrow(/not an approver code/)
    }
    now += 10_000
    await expect(who.authenticate('Bearer bob:bob-code-1234567')).rejects.toMatchObject({
      code: 'credential_invalid',
      data: { retryAfter: 50 },
    })
    expect(await who.authenticate('Bearer alice:alice-code-123456')).toMatchObject({ human: { id: 'alice' } })
    expect(await who.authenticate(`Bearer ${LOCAL}`)).toMatchObject({ credential: 'stored' })
    now += 50_001
    expect(await who.authenticate('Bearer bob:bob-code-1234567')).toMatchObject({ human: { id: 'bob' } })
  })

  test('many guesses at once are not more than many in a row', async () => {
    const who = authenticator()
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_, guess) => who.authenticate(`Bearer alice:wrong-${guess}`)),
    )
    const limited = answers.filter(
      (answer) => answer.status === 'rejected' && /too many/.test(String(answer.reason)),
    )
    expect(limited.length).toBe(7)
  })

  test('a temporary approver is bound to one task', async () => {
    const who = authenticator()
    who.addTemporary('demo-code', human('demo-maintainer'), 'tsk_1' as TaskId)
    expect(await who.authenticate('Bearer demo-code')).toMatchObject({
      credential: 'approver',
      onlyTask: 'tsk_1',
    })
  })
})
