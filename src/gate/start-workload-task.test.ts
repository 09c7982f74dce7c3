import { expect, test } from 'vitest'
import { NEVER, showing, useGate } from '../../test/support/gate-harness.ts'
import { NOW, ruleFor, WorkloadIssuer } from '../../test/support/workload-issuer.ts'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { Presentation } from '../core/showing.ts'
import { verifyWorkload } from '../identity/verify-workload.ts'
import type { WorkloadRule } from '../identity/workload-rule.ts'
import { createWorkloadTasks, type WorkloadRequest } from './start-workload-task.ts'

const use = useGate()
const github = new WorkloadIssuer()
const human = { claim: 'actor_id', map: new Map([['4711', 'alice' as HumanId]]) }

/** Begins tasks of this one rule. */
function starter(over: Partial<WorkloadRule> = {}) {
  const gate = use()
  gate.now = NOW
  const rules = [ruleFor(github, { human, ...over })]
  const tasks = createWorkloadTasks({
    ...gate.deps,
    uses: gate.store.oauth,
    verifyWorkload: (token) => verifyWorkload(token, { rules, now: gate.now }),
  })
  return (token: string, request: Partial<WorkloadRequest> = {}, shown?: Presentation) =>
    tasks.start(token, { intent: 'mend the tests', workspace: gate.workspace, ...request }, shown)
}

test('R-ID-5: a run begins a task of its workflow for the human whom its actor is, and its claims are on record with every call', async () => {
  const start = starter({ ownRepository: '', agents: ['claude-code'] })
  const { task, token } = await start(await github.token())
  expect(task).toMatchObject({
    human: 'alice',
    origin: 'workload',
    workflow: 'fix-tests',
    agent: { kind: 'claude-code' },
    environment: 'ci',
    environmentProved: true,
    scope: { repositories: ['acme/api'] },
    workload: { name: 'ci', kind: 'github', repository: 'acme/api', actor: 'ali-gh' },
  })
  const { gate, store } = use()
  const caller = await gate.identify(token)
  await gate.authorize(caller, use().read('src/a.ts'), NEVER)
  const records = await store.records.query({ tenant: DEFAULT_TENANT, limit: 10 })
  const [decision, created] = records.map(({ envelope, detail }) => ({ envelope, detail }))
  expect(created).toMatchObject({
    envelope: {
      kind: 'task.created',
      actor: 'workload:ci',
      data: { credential: 'workload', origin: 'workload', workload: { kind: 'github', name: 'ci' } },
    },
    detail: { data: { workload: { actor: 'ali-gh', run: '99' } } },
  })
  expect(decision).toMatchObject({
    envelope: { kind: 'decision', identity: { human: 'alice' } },
    detail: { facts: { environment: 'ci', workload: { repository: 'acme/api', ref: 'refs/heads/main' } } },
  })
})

test('R-ID-5 attack, unmapped actor: nobody is guessed, and the owner of the workflow does not stand in', async () => {
  const stranger = await github.token({ actor_id: '666' })
  await expect(starter()(stranger)).rejects.toMatchObject({
    code: 'workload_refused',
    message: expect.stringContaining('`666` is nobody in `human.map`'),
  })
  await expect(starter()(await github.token({ actor_id: undefined }))).rejects.toMatchObject({
    code: 'workload_refused',
  })
  for (const name of ['constructor', '__proto__']) {
    await expect(starter()(await github.token({ actor_id: name }))).rejects.toMatchObject({
      code: 'workload_refused',
    })
  }
  const gone = { claim: 'actor_id', map: new Map([['4711', 'bob' as HumanId]]) }
  await expect(starter({ human: gone })(await github.token())).rejects.toMatchObject({
    message: expect.stringContaining('names `bob`, who is not in `humans`'),
  })
  expect(await use().store.tasks.list(DEFAULT_TENANT, 10)).toEqual([])
})

test('R-ID-5 attack, replay: a token begins one task, whoever is faster, and as many as configured where that is more', async () => {
  const start = starter()
  const token = await github.token()
  const results = await Promise.allSettled([start(token), start(token), start(token)])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  const [reason] = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []))
  expect(reason).toMatchObject({
    code: 'token_invalid',
    message: expect.stringContaining('has begun a task already'),
  })
  const thrice = starter({ tasksPerToken: 3 })
  const other = await github.token({ jti: undefined })
  for (let count = 0; count < 3; count += 1) await thrice(other)
  await expect(thrice(other)).rejects.toMatchObject({ code: 'token_invalid' })
  expect(await use().store.tasks.list(DEFAULT_TENANT, 10)).toHaveLength(4)
})

test('R-ID-5: what a workload asks for is never more than its rule: workflow, environment, agent, scope and time', async () => {
  const start = starter({
    agents: ['claude-code'],
    scope: { paths: ['src/**'] },
    ownRepository: '',
    lifetime: 600_000,
    endsWithToken: true,
  })
  const wider: Partial<WorkloadRequest>[] = [
    { workflow: 'deploy' },
    { environment: 'production' },
    { agent: { id: 'x', kind: 'codex' } },
    { lifetime: 700_000 },
    { scope: { paths: ['secrets/**'] } },
    { scope: { repositories: ['acme/other'] } },
  ]
  for (const request of wider) {
    await expect(start(await github.token(), request)).rejects.toMatchObject({
      code: expect.stringMatching(/^(workload_refused|scope_wider)$/),
    })
  }
  const { task } = await start(await github.token(), { scope: { paths: ['src/api/*'] } })
  expect(task.scope).toEqual({ paths: ['src/api/*'], repositories: ['acme/api'] })
  expect(task.expires).toBe(NOW + 300_000)
  expect((await starter()(await github.token())).task.expires).toBe(NOW + 3_600_000)
})

test('R-ID-5: a workload is stopped like a human: its tasks end with its human’s halt, and none begins', async () => {
  const start = starter()
  const { token } = await start(await github.token())
  const gate = use()
  const mona = gate.humans.find(({ id }) => id === 'mona')
  await gate.administration.placeHalt(
    { human: mona!, credential: 'approver', reach: 'all' },
    { target: 'human', id: 'alice', reason: 'gone' },
  )
  await expect(gate.gate.identify(token)).rejects.toMatchObject({ code: 'task_halted' })
  await expect(start(await github.token())).rejects.toMatchObject({ code: 'task_halted' })
  gate.humans = gate.humans.filter(({ id }) => id !== 'alice')
  await expect(gate.gate.identify(token)).rejects.toMatchObject({ code: 'task_unknown' })
})

test('R-ID-4, R-ID-5: the key that a workload shows holds its task; what is wrong with the proof leaves its token as good as before', async () => {
  const start = starter()
  const token = await github.token()
  const key = 'A'.repeat(43)
  const other = { holder: `B${'A'.repeat(42)}` }
  await expect(start(token, other, showing(key))).rejects.toMatchObject({ code: 'input_invalid' })
  const none = { ...showing(key), proof: undefined }
  await expect(start(token, {}, none)).rejects.toMatchObject({ code: 'proof_missing' })
  const issued = await start(token, {}, showing(key))
  expect(issued.task.holder).toBe(key)
  await expect(use().gate.identify(issued.token)).rejects.toMatchObject({ code: 'proof_missing' })
  expect(await use().gate.identify(issued.token, showing(key))).toMatchObject({ holderBound: true })
})

test('R-ID-4, R-ID-5: the certificate of a workload’s connection holds its task, unless a proof or the request names a key, or it does not count', async () => {
  const start = starter({ tasksPerToken: 5 })
  const token = await github.token()
  const certificate = 'A'.repeat(43)
  const other = `B${'A'.repeat(42)}`
  const issued = await start(token, {}, { certificate })
  expect(issued.task.holder).toBe(`x5t#S256:${certificate}`)
  expect((await start(token, { holder: other }, { certificate })).task.holder).toBe(other)
  await expect(start(token, {}, { certificate, refused: 'its time is over' })).rejects.toMatchObject({
    code: 'certificate_invalid',
    message: expect.stringContaining('its time is over'),
  })
  const { gate } = use()
  expect(await gate.identify(issued.token, { certificate })).toMatchObject({ holderBound: true })
  const tries: [Presentation | undefined, string][] = [
    [undefined, 'certificate_missing'],
    [showing(certificate), 'certificate_missing'],
    [{ certificate: other }, 'certificate_invalid'],
    [{ certificate, refused: 'its time is over' }, 'certificate_invalid'],
  ]
  for (const [shown, code] of tries)
    await expect(gate.identify(issued.token, shown)).rejects.toMatchObject({ code })
  // What a key holds is not had for a certificate, and a bearer's stays one whatever its connection shows.
  const keyed = await start(token, { holder: other })
  await expect(gate.identify(keyed.token, { certificate: other })).rejects.toMatchObject({
    code: 'proof_missing',
  })
  const bare = await start(token)
  expect(await gate.identify(bare.token, { certificate })).toMatchObject({ holderBound: false })
})
