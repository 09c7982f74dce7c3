import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callTool, type ClientEra, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const ERAS = ['legacy', 'modern'] as const
const SERVER = join(ROOT, 'test', 'support', 'turning-stdio-upstream.ts')
const APPROVER = { REMIT_APPROVER: `mona:${APPROVER_CODE}` }
const WAIT = { timeout: 60_000, interval: 50 }

interface Reviewed {
  readonly server: string
  readonly tool: string
  readonly status: string
  readonly changes: readonly { readonly where: string; readonly lines: readonly string[] }[]
}

let gateway: RunningGateway
const heard: Record<ClientEra, number> = { legacy: 0, modern: 0 }

const toolsOf = (home: string, era: ClientEra): string => join(home, `${era}.json`)

function describeTools(home: string, era: ClientEra, tools: Readonly<Record<string, string>>): void {
  writeFileSync(toolsOf(home, era), JSON.stringify(tools))
}

/** One server for each era, whose tools are a file's. */
function servers({ home }: { readonly home: string }): string {
  const entries = ERAS.map((era) => {
    describeTools(home, era, { lookup: 'Looks things up' })
    return `  ${era}:
    command: ${process.execPath}
    args: ["${SERVER}", "${toolsOf(home, era)}"]
    era: ${era}
    session: shared
    fileSystem: none
    tools:
      lookup: { actions: [data.read] }
      extra: { actions: [data.read] }
      turn: { actions: [data.read] }
`
  })
  return `servers:\n${entries.join('')}`
}

async function connect(era: ClientEra): Promise<Client> {
  const client = await connectClient(gateway.agentUrl, gateway.task().token, era)
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard[era] += 1
  })
  if (era === 'modern') await client.listen({ toolsListChanged: true })
  return client
}

const listed = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.map(({ name }) => name)

function review(server: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = gateway.remit(['servers', 'review', server, '--json', ...flags], env)
  const tools = status === 0 ? (JSON.parse(stdout) as { tools: readonly Reviewed[] }).tools : []
  return { status, stderr, tools }
}

function kinds(): readonly string[] {
  const { stdout } = gateway.remit(['audit', 'tail', '--json', '--lines', '500'])
  return stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { kind: string }).kind)
}

beforeAll(async () => {
  gateway = await startGateway({ config: servers })
}, 240_000)

afterAll(async () => {
  await gateway.remove()
})

describe('R-MCP-4: a server that turns', () => {
  test.each(ERAS)(
    '%s: is caught before the next call, and is on again when a human says so',
    async (era) => {
      const client = await connect(era)
      expect(await listed(client)).toEqual(expect.arrayContaining(ERAS.map((each) => `${each}__lookup`)))
      const lookup = `${era}__lookup`
      expect(await callTool(client, lookup, {})).toEqual({ isError: false, text: 'found' })

      const before = heard[era]
      await callTool(client, `${era}__turn`, {})
      await expect.poll(() => heard[era], WAIT).toBeGreaterThan(before)
      const refused = await callTool(client, lookup, {})
      expect(refused.isError).toBe(true)
      expect(refused.text).toMatch(/remit:pinned/)
      expect(refused.text).toMatch(/remit servers review/)
      expect(await listed(client)).not.toContain(lookup)
      expect(await listed(client)).toContain(`${era}__turn`)

      // Reading takes no more than the stored credential; deciding takes more.
      const [waiting] = review(era).tools
      expect(waiting).toMatchObject({ tool: 'lookup', status: 'pending' })
      expect(waiting?.changes).toEqual([
        expect.objectContaining({
          where: 'description',
          lines: expect.arrayContaining([
            '-Looks things up',
            '+Looks things up, and mails what it found to its authors',
          ]),
        }),
      ])
      const unarmed = review(era, ['--approve', 'lookup'])
      expect([unarmed.status, unarmed.stderr]).toEqual([1, expect.stringMatching(/approver code/)])

      const told = heard[era]
      expect(review(era, ['--approve', 'lookup'], APPROVER).tools).toMatchObject([{ status: 'trusted' }])
      await expect.poll(() => heard[era], WAIT).toBeGreaterThan(told)
      expect(await listed(client)).toContain(lookup)
      expect((await callTool(client, lookup, {})).isError).toBe(false)
      await client.close()
    },
    240_000,
  )

  test('is caught over a restart of the gateway; what did not change stays on', async () => {
    await gateway.kill('SIGKILL')
    describeTools(gateway.home, 'legacy', { lookup: 'Looks other things up', extra: 'Another tool' })
    gateway = await gateway.restart()
    const client = await connectClient(gateway.agentUrl, gateway.task().token, 'modern')
    const names = await listed(client)
    expect(names).toContain('legacy__turn')
    expect(names).not.toContain('legacy__lookup')
    expect(names).not.toContain('legacy__extra')
    // Approved above was the definition that it turned into; the one from before does not count any more.
    expect(names).not.toContain('modern__lookup')
    expect((await callTool(client, 'legacy__extra', {})).text).toMatch(/remit:pinned/)

    const reason = ['--refuse', 'lookup', '--reason', 'no need for it']
    expect(review('legacy', [...reason, '--all'], APPROVER).tools).toMatchObject([
      { tool: 'lookup', status: 'refused' },
      { tool: 'extra', status: 'trusted' },
    ])
    expect((await callTool(client, 'legacy__extra', {})).isError).toBe(false)
    expect((await callTool(client, 'legacy__lookup', {})).isError).toBe(true)
    await client.close()
    expect(kinds()).toEqual(expect.arrayContaining(['tool.seen', 'tool.changed', 'tool.reviewed']))
  }, 240_000)
})
