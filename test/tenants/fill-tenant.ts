import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../src/core/json.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { codeOf, type Installation } from '../support/two-tenants.ts'
import { ask, mcp, type Question } from './ask.ts'

/** One of everything that a tenant has and that has a name. */
export interface Traces {
  readonly task: string
  readonly child: string
  readonly approval: string
  readonly granted: string
  readonly grant: string
  readonly decision: string
  readonly glass: string
  readonly halted: string
  readonly human: string
  readonly server: string
  readonly toolName: string
  readonly secret: string
  readonly session: string
  readonly cursor: string
  readonly requestState: string
  readonly mcpTask: string
  readonly uri: string
  readonly client: string
  readonly deviceClient: string
  readonly code: string
  readonly refresh: string
  readonly deviceCode: string
  readonly userCode: string
  readonly interaction: string
}

/** Beside what is named: what proves something, for trying it at another tenant. */
export interface Filled {
  readonly traces: Traces
  readonly token: string
  readonly accessToken: string
  readonly verifier: { readonly refresh: string }
}

/** Lets a tenant live: work, consent, secrets, sessions and clients, all of it marked. */
export async function fillTenant(at: Installation, tenant: string, mark: string): Promise<Filled> {
  const { agent, admin } = at.urls(tenant)
  const code = at.code(tenant)
  const post = async (path: string, body: JsonObject, credential = code): Promise<JsonObject> => {
    const { status, text } = await ask({ method: 'POST', url: `${admin}${path}`, credential, body })
    if (status >= 300) throw new Error(`${path}: ${text}`)
    return JSON.parse(text) as JsonObject
  }
  const workspace = join(at.folder, `work-${tenant}`)
  mkdirSync(workspace)
  const issued = await post('/tasks', { workflow: 'code', intent: `mend ${mark}`, workspace })
  const { task, token } = issued as unknown as { task: { id: string }; token: string }
  const send = (message: Pick<Question, 'method' | 'headers' | 'body'>) =>
    ask({ url: `${agent}/mcp`, credential: token, ...message })
  const call = async (name: string, text: string): Promise<JsonObject> =>
    resultOf((await send(mcp('modern', 'tools/call', { name, arguments: { text } }))).text)

  const newest = async (what: 'approvals' | 'grants'): Promise<string> => {
    const { text } = await ask({ method: 'GET', url: `${admin}/${what}`, credential: code })
    return ((JSON.parse(text) as Record<string, readonly { id: string }[]>)[what] ?? [])[0]?.id ?? ''
  }
  const decision = async (): Promise<string> => {
    const { text } = await ask({ method: 'GET', url: `${admin}/records?kind=decision`, credential: code })
    return (JSON.parse(text) as { records: { envelope: { id: string } }[] }).records[0]?.envelope.id ?? ''
  }

  const server = `only-${tenant}`
  const waiting = await call(`${server}__run`, `npm run ${mark}`)
  const approval = await newest('approvals')
  await call(`${server}__run`, 'npm test')
  const granted = await newest('approvals')
  await post(`/approvals/${granted}/approve`, { grant: 'task' })
  await call(`${server}__echo`, mark)
  const began = await send(
    mcp('legacy', 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: mark, version: '1' },
    }),
  )
  const listed = resultOf((await send(mcp('modern', 'resources/list', {}))).text)
  const long = await call(`${server}__long`, mark)
  const delegated = await ask({
    method: 'POST',
    url: `${agent}/delegate`,
    credential: token,
    body: { intent: `part of ${mark}` },
  })
  await post('/secrets', { name: `key-${tenant}`, value: `value-of-${mark}` })
  const halted = `agent-${tenant}`
  await post('/halts', { target: 'agent', id: halted, reason: mark })
  const glass = await post('/glass', { task: task.id, reason: mark })
  if (delegated.status >= 300) throw new Error(delegated.text)
  const uri = ((listed['resources'] as JsonObject[])[0]?.['uri'] ?? '') as string
  const clients = await fillOAuth(at, tenant, mark)
  return {
    token,
    ...clients,
    traces: {
      ...clients.traces,
      task: task.id,
      child: ((JSON.parse(delegated.text) as JsonObject)['task'] as JsonObject)['id'] as string,
      approval,
      granted,
      grant: await newest('grants'),
      decision: await decision(),
      glass: idIn(glass),
      halted,
      human: `${tenant}-mona`,
      server,
      toolName: `${server}__echo`,
      secret: `key-${tenant}`,
      session: began.headers['mcp-session-id'] ?? '',
      cursor: (listed['nextCursor'] ?? '') as string,
      requestState: (waiting['requestState'] ?? '') as string,
      mcpTask: (long['taskId'] ?? '') as string,
      uri,
    },
  }
}

async function fillOAuth(at: Installation, tenant: string, mark: string) {
  const { agent } = at.urls(tenant)
  const flow = new OAuthFlow(agent)
  const delegate = async (): Promise<{
    code: string
    redeem: (code: string) => Promise<JsonObject>
    id: string
  }> => {
    const { browser, first, redeem, client_id } = await flow.authorize()
    const code = codeOf(`${tenant}-mona`)
    const form = await browser.submit(first, { action: 'login', code })
    const sent = await browser.submit(form, {
      action: 'delegate',
      code,
      workflow: 'fix-tests',
      intent: `mend ${mark}`,
    })
    if (browser.called === undefined) throw new Error(sent.text)
    const given = browser.called?.searchParams.get('code') ?? ''
    return { code: given, redeem: async (one) => (await redeem(one)) as unknown as JsonObject, id: client_id }
  }
  const used = await delegate()
  const tokens = await used.redeem(used.code)
  const open = await delegate()
  const { first, client_id: client } = await flow.authorize()
  const registered = await flow.register({
    client_name: mark,
    redirect_uris: [],
    response_types: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  })
  const asked = await ask({
    method: 'POST',
    url: `${agent}/oauth/device`,
    body: new URLSearchParams({ client_id: registered.client_id, resource: `${agent}/mcp` }),
  })
  const device = JSON.parse(asked.text) as { device_code: string; user_code: string }
  return {
    accessToken: tokens['access_token'] as string,
    verifier: { refresh: used.id },
    traces: {
      client,
      deviceClient: registered.client_id,
      code: open.code,
      refresh: tokens['refresh_token'] as string,
      deviceCode: device.device_code,
      userCode: device.user_code,
      interaction: first.url.pathname.split('/').at(-1) ?? '',
    },
  }
}

function idIn(answer: JsonObject): string {
  return /"(?:id)":"(\w+_\w+)"/.exec(JSON.stringify(answer))?.[1] ?? ''
}

/** Of JSON, or of the last event of a stream. */
export function resultOf(text: string): JsonObject {
  const json = text.startsWith('{')
    ? text
    : (text
        .match(/^data: (\{.*)$/gm)
        ?.at(-1)
        ?.slice(6) ?? '{}')
  return ((JSON.parse(json) as JsonObject)['result'] ?? {}) as JsonObject
}

/** What never was, in the form and length of what is. */
export function neverOf(traces: Traces): Traces {
  const unknown = Object.fromEntries(
    Object.entries(traces).map(([name, value]) => [name, unlike(String(value))]),
  ) as unknown as Traces
  const elsewhere = (text: string): string => text.replace(traces.server, unknown.server)
  return { ...unknown, toolName: elsewhere(traces.toolName), uri: elsewhere(traces.uri) }
}

function unlike(text: string): string {
  if (/^[0-9a-f]{8}-/.test(text))
    return text.replaceAll(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))
  const end = /^[a-z]+[_-]/.exec(text)?.[0].length ?? 0
  const rest = text.slice(end)
  const turned = rest.split('').toReversed().join('')
  return `${text.slice(0, end)}${turned === rest ? `${rest.slice(1)}x` : turned}`
}
