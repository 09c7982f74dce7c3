import { expect, test } from 'vitest'
import { byAlice, showing, useGate } from '../../test/support/gate-harness.ts'
import { createDelegation } from './delegate.ts'
import { createTaskExchange } from './exchange-task.ts'

const h = useGate()
const ASK = { intent: 'look' }
const AT = { requestId: '1' }

/** Where every delegation is permitted at once. */
function exchanging() {
  const allow = {
    reasons: [],
    policies: ['x'],
    gates: [],
    obligations: [],
    errors: [],
    effect: 'allow',
  } as const
  const open = { ...h().policies, decide: () => allow }
  const deps = { ...h().deps, policies: { current: () => open } }
  return createTaskExchange(deps, createDelegation(deps))
}

const root = (holder?: string) =>
  h().administration.createTask(byAlice, {
    workflow: 'fix-tests',
    intent: 'root',
    ...(holder === undefined ? {} : { holder }),
  })

const certificate = (thumbprint: string) => ({ certificate: thumbprint })

/** Thumbprints: 32 bytes in Base64url. */
const [PARENT, CHILD] = ['A'.repeat(43), `B${'A'.repeat(42)}`]

test('R-ID-3: of a task that nobody holds, the proof at the token endpoint is the child’s own', async () => {
  const { token } = await root()
  const { task } = await exchanging().exchange({ token, showing: showing(CHILD) }, ASK, AT)
  expect(task.holder).toBe(CHILD)
  const other = { ...ASK, holder: PARENT }
  await expect(exchanging().exchange({ token, showing: showing(CHILD) }, other, AT)).rejects.toMatchObject({
    code: 'input_invalid',
  })
  const bare = await exchanging().exchange({ token }, ASK, AT)
  expect(bare.task.holder).toBeUndefined()
})

test('R-ID-3, R-ID-4: of a task that a key holds, the proof is that key’s, never another’s, and never holds the child as well', async () => {
  const { token } = await root(PARENT)
  const shown = { token, showing: showing(PARENT) }
  const { task } = await exchanging().exchange(shown, { ...ASK, holder: CHILD }, AT)
  expect(task.holder).toBe(CHILD)
  expect((await exchanging().exchange(shown, ASK, AT)).task.holder).toBeUndefined()
  const refused = [
    [{ token, showing: showing(CHILD) }, ASK, 'proof_invalid'],
    [{ token }, ASK, 'proof_missing'],
    [shown, { ...ASK, holder: PARENT }, 'input_invalid'],
  ] as const
  for (const [presented, wish, code] of refused) {
    await expect(exchanging().exchange(presented, wish, AT)).rejects.toMatchObject({ code })
  }
})

test('R-ID-3, R-ID-4: the certificate of the connection is the parent’s where one holds it, else the child’s own where nobody else is named', async () => {
  const { token: bare } = await root()
  const own = await exchanging().exchange({ token: bare, showing: certificate(CHILD) }, ASK, AT)
  expect(own.task.holder).toBe(`x5t#S256:${CHILD}`)
  const named = { ...ASK, holder: CHILD }
  const keyed = await exchanging().exchange({ token: bare, showing: certificate(PARENT) }, named, AT)
  expect(keyed.task.holder).toBe(CHILD)
  const { token } = await root(`x5t#S256:${PARENT}`)
  const shown = { token, showing: certificate(PARENT) }
  const child = { ...ASK, holder: `x5t#S256:${CHILD}` }
  expect((await exchanging().exchange(shown, child, AT)).task.holder).toBe(`x5t#S256:${CHILD}`)
  expect((await exchanging().exchange(shown, ASK, AT)).task.holder).toBeUndefined()
  const refused = [
    [{ token, showing: certificate(CHILD) }, child, 'certificate_invalid'],
    [{ token }, child, 'certificate_missing'],
    [{ token, showing: showing(PARENT) }, child, 'certificate_missing'],
    [shown, { ...ASK, holder: `x5t#S256:${PARENT}` }, 'input_invalid'],
  ] as const
  for (const [presented, wish, code] of refused) {
    await expect(exchanging().exchange(presented, wish, AT)).rejects.toMatchObject({ code })
  }
})
