import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS } from '../support/matrix-clients.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const chromium = findProgram('chromium')
/** What a confined browser reads beside the system’s programs. */
const BROWSER_FILES = ['/etc/chromium.d', '/etc/chromium', '/etc/fonts']
const PAGE = 'data:text/html,<title>through the gateway</title>'
const DOCUMENT = 'demo://resource/static/document/architecture.md'

interface Row {
  readonly tool: string
  readonly args: (workspace: string) => Record<string, string>
  /** What the answer of the call must contain. */
  readonly answer: string
  /** A resource that the server has, and what is in it. */
  readonly resource?: readonly [uri: string, text: string]
  /** A prompt that the server has, and what it says with these arguments. */
  readonly prompt?: readonly [name: string, args: Record<string, string>, text: string]
}

const SERVERS: Readonly<Record<string, Row>> = {
  everything: {
    tool: 'echo',
    args: () => ({ message: 'through the gateway' }),
    answer: 'Echo: through the gateway',
    resource: [DOCUMENT, 'Architecture'],
    prompt: ['args-prompt', { city: 'Mainz', state: 'RP' }, 'weather in Mainz, RP'],
  },
  filesystem: {
    tool: 'read_text_file',
    args: (workspace) => ({ path: join(workspace, 'note.txt') }),
    answer: 'through the gateway',
  },
  memory: { tool: 'read_graph', args: () => ({}), answer: 'entities' },
  ...(chromium === undefined
    ? {}
    : {
        playwright: { tool: 'browser_navigate', args: () => ({ url: PAGE }), answer: 'through the gateway' },
      }),
}

let gateway: RunningGateway
let token: string

beforeAll(async () => {
  gateway = await startGateway({ config: servers })
  writeFileSync(join(gateway.workspace, 'note.txt'), 'read through the gateway')
  token = gateway.task().token
}, 60_000)

afterAll(() => gateway.remove())

function servers(at: { readonly home: string; readonly workspace: string }): string {
  const modules = join(ROOT, 'node_modules')
  const own = (name: string): string => join(modules, '@modelcontextprotocol', name, 'dist', 'index.js')
  const run = (name: string, args: readonly string[]): string => `  ${name}:
    command: ${process.execPath}
    args: ${JSON.stringify(args)}
    cwd: ${at.home}
    session: shared
`
  return `servers:
${run('everything', [own('server-everything')])}    fileSystem: none
    tools: { echo: { actions: [data.read] } }
${run('filesystem', [own('server-filesystem'), at.workspace])}    catalogue: filesystem
    root: ${at.workspace}
${run('memory', [own('server-memory')])}    catalogue: memory
    fileSystem: none
    env: { MEMORY_FILE_PATH: "${at.home}/memory.jsonl" }
${
  chromium === undefined
    ? ''
    : `${run('playwright', [join(modules, '@playwright', 'mcp', 'cli.js'), '--headless', '--isolated', '--no-sandbox', '--executable-path', chromium])}    fileSystem: none
    sandbox: { read: ${JSON.stringify(BROWSER_FILES.filter((path) => existsSync(path)))} }
    tools: { browser_navigate: { actions: [data.read] } }
`
}`
}

describe.each(Object.keys(SERVERS))('the server `%s`', (server) => {
  test.each(Object.keys(CLIENTS))(
    'R-MCP-1, R-MCP-2: %s connects with nothing but URL and token, lists, calls, and gets what resource and prompt there is',
    async (name) => {
      const row = SERVERS[server]!
      const client = await CLIENTS[name]!({ url: `${gateway.agentUrl}/${server}`, token, home: gateway.home })
      try {
        expect(await client.tools()).toContain(row.tool)
        expect(await client.call(row.tool, row.args(gateway.workspace))).toContain(row.answer)
        const [uri, text] = row.resource ?? [undefined, '']
        expect(uri === undefined ? '' : await client.read(uri)).toContain(text)
        const [prompt, args, says] = row.prompt ?? [undefined, {}, '']
        expect(prompt === undefined ? '' : await client.prompt(prompt, args)).toContain(says)
      } finally {
        await client.close()
      }
    },
    60_000,
  )
})
