import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Notice } from '../../src/notify/notice.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { startReceiver, type Received, type Receiver } from '../support/notified-gate.ts'
import { APPROVER_CODE, startGateway } from '../support/running-gateway.ts'
import { startSampleServer } from '../support/sample-server.ts'

const APPROVER = { REMIT_APPROVER: APPROVER_CODE }
const SECRET = 'a secret of the chat, long enough'

async function heard(receiver: Receiver, count: number): Promise<readonly Received[]> {
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(count)
  return receiver.received
}

test('R-CON-3: a gateway tells its webhook, over a kill while nobody answered there', async () => {
  const [server, receiver] = [await startSampleServer(), await startReceiver()]
  receiver.answers.push({ status: 503 })
  const first = await startGateway({
    env: { REMIT_SECRET_CHAT: SECRET },
    config: () => `consent: { hold: 1s }
notify:
  webhooks:
    chat: { url: "${receiver.url}", secret: secret:chat, privateAddresses: true }
servers:
  shell:
    url: ${server.url}
    fileSystem: none
    tools:
      echo: { actions: [shell.execute], arguments: { text: command } }
`,
  })
  const { token } = first.task()
  const client = await connectClient(first.agentUrl, token, 'modern')
  const { text } = await callTool(client, 'shell__echo', { text: 'npm test' })
  const asked = /apr_[0-9a-z]+/.exec(text)?.[0] ?? text
  await client.close()
  await heard(receiver, 1)
  await first.kill('SIGKILL')
  const second = await first.restart()
  const [tried, told] = await heard(receiver, 2)
  expect(told?.body).toBe(tried?.body)
  const { type, data } = JSON.parse(told?.body ?? '') as { type: string; data: Notice }
  expect({ type, data }).toMatchObject({
    type: 'approval.requested',
    data: { approval: asked, human: 'alice' },
  })
  const headers = told?.headers ?? {}
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${told?.body ?? ''}`
  const signature = createHmac('sha256', SECRET).update(signed).digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${signature}`)

  // The link is no vote, whoever follows it.
  const page = await fetch(data.url, { headers: { accept: 'text/html' } })
  expect(page.status).toBeLessThan(500)
  for (const path of ['approve', 'refuse'])
    expect((await fetch(`${data.url}/${path}`)).status).toBeGreaterThan(399)
  expect(second.remit(['approvals', 'list']).stdout).toContain(asked)

  expect(second.remit(['approvals', 'refuse', asked, '--reason', 'no'], APPROVER).status).toBe(0)
  const [, , refused] = await heard(receiver, 3)
  expect(JSON.parse(refused?.body ?? '')).toMatchObject({
    type: 'approval.refused',
    data: { refusedBy: 'mona' },
  })
  await Promise.all([second.remove(), server.close(), receiver.close()])
})
