import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { SILENT } from '../../src/core/log.ts'
import { composeGateway, type RunningGateway } from '../../src/server/compose.ts'
import { loadConfig } from '../../src/server/load-config.ts'
import { connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE } from '../support/running-gateway.ts'
import { keepPolicies, lendPolicies } from '../support/shared-caches.ts'

const POLICIES = fileURLToPath(new URL('./policies', import.meta.url))
const environ = { REMIT_APPROVER: `mona:${APPROVER_CODE}` }

interface Scenario {
  readonly url: string
  readonly name: string
  readonly revision: string
  /** JSON of what is known beforehand, such as a client that was registered by hand. */
  readonly context?: string
}

/** Times that a human connects a server for one scenario. */
const MOST_CONNECTIONS = 3

/**
 * One gateway whose upstreams are the suite's servers, one for each scenario, added while it runs. A human with an
 * approver code connects each, when a call of an agent says that it has to be.
 */
export class GatewayAsClient {
  readonly #home = mkdtempSync(join(tmpdir(), 'remit-client-'))
  readonly #servers: string[] = []
  #added = 0
  #gateway: RunningGateway | undefined
  #control: Server | undefined
  #saving: Promise<unknown> = Promise.resolve()

  /** @returns the command with which the suite runs a client. */
  async start(): Promise<string> {
    mkdirSync(join(this.#home, 'workspace'))
    this.#save()
    lendPolicies(join(this.#home, '.remit'))
    const loaded = loadConfig({ environ, cwd: this.#home })
    this.#gateway = await composeGateway({ loaded, environ, log: SILENT, demo: false })
    keepPolicies(join(this.#home, '.remit'))
    const control = createServer((request, response) => {
      void readText(request)
        .then((body) => this.#play(JSON.parse(body) as Scenario))
        .then(
          (said) => response.end(said),
          (error: unknown) => response.writeHead(500).end(String(error)),
        )
    })
    this.#control = control
    await new Promise<void>((resolve) => {
      control.listen(0, '127.0.0.1', resolve)
    })
    const { port } = control.address() as AddressInfo
    const command = fileURLToPath(new URL('./client-command.ts', import.meta.url))
    return `${process.execPath} ${command} http://127.0.0.1:${port}`
  }

  async stop(): Promise<void> {
    this.#control?.closeAllConnections()
    this.#control?.close()
    await this.#gateway?.stop()
    rmSync(this.#home, { recursive: true, force: true })
  }

  /** What an agent and its human do with such a server. @returns what the agent got. */
  async #play(scenario: Scenario): Promise<string> {
    if (!scenario.name.startsWith('auth/')) throw new Error('not a scenario of authorization')
    const key = await this.#add(scenario)
    const task = { workflow: 'fix-tests', intent: 'look', workspace: join(this.#home, 'workspace') }
    const { token } = await this.#ask<{ token: string }>('/tasks', task)
    const client = await connectClient(`${this.#gateway?.urls.agent}/mcp/${key}`, token, 'modern')
    try {
      let [connections, calls] = [0, 0]
      for (;;) {
        try {
          const answer = await client.callTool({ name: 'test-tool', arguments: {} })
          calls += 1
          // Some servers change what they want after the first call.
          if (calls === 2) return JSON.stringify(answer)
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          if (!/remit servers connect/.test(why) || connections === MOST_CONNECTIONS) throw error
          connections += 1
          await this.#connect(key, /--scope '([^']+)'/.exec(why)?.[1])
        }
      }
    } finally {
      await client.close()
    }
  }

  async #connect(key: string, scope: string | undefined): Promise<void> {
    const path = `/servers/${key}/connect`
    const { flow, url } = await this.#ask<{ flow: string; url: string }>(
      path,
      scope === undefined ? {} : { scope },
    )
    const agreed = await fetch(url, { redirect: 'manual' })
    const back = await fetch(agreed.headers.get('location') ?? '')
    const page = await back.text()
    const [, one, two] = /<pre>(\d{4}) (\d{4})<\/pre>/.exec(page) ?? []
    if (one === undefined) throw new Error(`nobody may come back: ${page}`)
    await this.#ask(`${path}/finish`, { flow, number: `${one}${two}` })
  }

  async #add({ url, revision, context }: Scenario): Promise<string> {
    const key = `s${(this.#added += 1)}`
    const { client_id: id, client_secret: secret } = JSON.parse(context ?? '{}') as Record<string, string>
    if (secret !== undefined) await this.#ask('/secrets', { name: key, value: secret })
    const known =
      id === undefined || secret === undefined ? '' : `clientId: ${id}, clientSecret: 'secret:${key}'`
    this.#servers.push(`  ${key}:
    url: ${url}
    era: ${revision === '2025-11-25' ? 'legacy' : 'modern'}
    allowPrivate: true
    session: human
    fileSystem: none
    trust: updates
    oauth: { ${known} }
`)
    this.#saving = this.#saving.then(() => {
      this.#save()
      return this.#ask('/servers/reload', {})
    })
    await this.#saving
    return key
  }

  #save(): void {
    writeFileSync(
      join(this.#home, 'remit.yaml'),
      `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [${POLICIES}]
humans: [{ id: mona, roles: [maintainer] }]
workflows: { fix-tests: { description: mend failing tests } }
servers:${this.#servers.length === 0 ? ' {}' : `\n${this.#servers.join('')}`}
`,
    )
  }

  async #ask<Answer>(path: string, body: object): Promise<Answer> {
    const answer = await fetch(`${this.#gateway?.urls.admin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer mona:${APPROVER_CODE}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return JSON.parse(text) as Answer
  }
}

if (import.meta.main) {
  const client = new GatewayAsClient()
  console.log(await client.start())
}
