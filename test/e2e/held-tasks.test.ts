import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HolderKey } from '../../src/identity/holder-key.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

let gateway: RunningGateway
beforeAll(async () => {
  gateway = await startGateway({ config: () => '' })
}, 240_000)
afterAll(() => gateway.remove())

interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly challenge: string | null
  readonly token: string | undefined
}

async function post(url: string, headers: Record<string, string>, method: string): Promise<Answer> {
  const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method }
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const mcp = url.includes('/mcp')
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(mcp ? modern : {}),
      ...headers,
    },
    body: JSON.stringify(mcp ? { jsonrpc: '2.0', id: 1, method, params: { _meta: meta } } : {}),
  })
  const body = (await response.json()) as {
    readonly token?: string
    readonly error?: { readonly code?: string | number; readonly data?: { readonly code?: string } }
  }
  const code = body.error?.data?.code ?? body.error?.code
  return {
    status: response.status,
    code: code === undefined ? undefined : String(code),
    challenge: response.headers.get('www-authenticate'),
    token: body.token,
  }
}

/** A request with a proof, of which anything may be another's. */
function show(
  token: string,
  key: HolderKey,
  wrong: Partial<{ proof: string; scheme: string; url: string; dialled: string; method: string }> = {},
): Promise<Answer> {
  const { scheme = 'DPoP', dialled = gateway.agentUrl, method = 'POST' } = wrong
  const url = wrong.url ?? dialled
  const proof = wrong.proof ?? key.prove({ method, url, token, now: Date.now() })
  return post(dialled, { authorization: `${scheme} ${token}`, dpop: proof }, 'tools/list')
}

const bindUrl = (): string => gateway.agentUrl.replace(/\/mcp$/, '/bind')

async function heldTask(): Promise<{ bare: string; token: string; key: HolderKey; id: string }> {
  const { token: bare, task } = gateway.task()
  const key = HolderKey.make()
  const { token = '' } = await show(bare, key, { dialled: bindUrl() })
  return { bare, token, key, id: task.id }
}

describe('R-ID-4: attacks on a task that a key holds', () => {
  test('its holder is served, and may bind again', async () => {
    const { bare, token, key } = await heldTask()
    expect(await show(token, key)).toMatchObject({ status: 200 })
    expect(await show(bare, key, { dialled: bindUrl() })).toMatchObject({ status: 200 })
  })

  test('credential laundering: the token in another agent’s hands is of no use, nor is the one before it', async () => {
    const { bare, token, key } = await heldTask()
    const thief = HolderKey.make()
    const tries = await Promise.all([
      show(token, thief),
      show(bare, thief),
      show(bare, thief, { dialled: bindUrl() }),
      post(gateway.agentUrl, { authorization: `Bearer ${bare}` }, 'tools/list'),
    ])
    expect(tries.map(({ status, code }) => `${status} ${code}`)).toEqual([
      '401 proof_invalid',
      '401 proof_invalid',
      '401 proof_invalid',
      '401 proof_missing',
    ])
    expect(await show(token, key)).toMatchObject({ status: 200 })
  })

  test('downgrade: the token as a bearer’s is refused with a DPoP challenge, with its proof or without', async () => {
    const { token, key } = await heldTask()
    for (const answer of [
      await post(gateway.agentUrl, { authorization: `Bearer ${token}` }, 'tools/list'),
      await show(token, key, { scheme: 'Bearer' }),
      await post(gateway.agentUrl, { authorization: `DPoP ${token}` }, 'tools/list'),
    ]) {
      expect(answer).toMatchObject({ status: 401, code: 'proof_missing' })
      expect(answer.challenge).toMatch(/^DPoP error="invalid_token", algs="ES256 EdDSA", resource_metadata="/)
    }
  })

  test('proof replay: a proof is good once', async () => {
    const { token, key } = await heldTask()
    const proof = key.prove({ method: 'POST', url: gateway.agentUrl, token, now: Date.now() })
    const both = await Promise.all([show(token, key, { proof }), show(token, key, { proof })])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
    expect(both.find(({ status }) => status === 401)?.challenge).toMatch(/^DPoP error="invalid_dpop_proof"/)
  })

  test('a proof for another URL or method is refused', async () => {
    const { token, key } = await heldTask()
    for (const wrong of [{ url: `${gateway.agentUrl}/files` }, { url: bindUrl() }, { method: 'GET' }]) {
      expect(await show(token, key, wrong)).toMatchObject({ status: 401, code: 'proof_invalid' })
    }
  })

  test('confused deputy: a proof beside a token of nobody shows nothing, and one task’s key is not another’s', async () => {
    const [one, other] = [await heldTask(), await heldTask()]
    expect(await show(gateway.task().token, one.key)).toMatchObject({ status: 401, code: 'token_invalid' })
    expect(await show(other.token, one.key)).toMatchObject({ status: 401, code: 'proof_invalid' })
  })

  test('a lost key: its human lets the task go, or gives it to another key, and what was before is over', async () => {
    const { bare, token, key, id } = await heldTask()
    const next = HolderKey.make()
    const again = gateway.remit(['task', 'token', id, '--dpop-jkt', next.thumbprint, '--json'])
    const given = (JSON.parse(again.stdout) as { token: string }).token
    expect(await show(given, next)).toMatchObject({ status: 200 })
    expect(await show(token, key)).toMatchObject({ status: 401, code: 'token_invalid' })
    expect(gateway.remit(['task', 'token', id, '--release']).status).toBe(0)
    const third = HolderKey.make()
    expect(await show(bare, third, { dialled: bindUrl() })).toMatchObject({ status: 200 })
    expect(await show(given, next)).toMatchObject({ status: 401, code: 'token_invalid' })
  })

  test('two who bind one token at once: one has it', async () => {
    const { token } = gateway.task()
    const keys = Array.from({ length: 6 }, () => HolderKey.make())
    const answers = await Promise.all(keys.map((key) => show(token, key, { dialled: bindUrl() })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})
