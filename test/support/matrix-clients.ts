import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { connectBearer } from './mcp-client.ts'
import { ROOT } from './running-gateway.ts'

/** What an agent does with an endpoint, whichever client it has. */
export interface MatrixClient {
  tools(): Promise<string>
  call(name: string, args: Record<string, string>): Promise<string>
  read(uri: string): Promise<string>
  prompt(name: string, args: Record<string, string>): Promise<string>
  close(): Promise<void>
}

/** All that a user gives a client: the endpoint and the token. */
export interface Endpoint {
  readonly url: string
  readonly token: string
  /** Folder in which a client may keep files of its own. */
  readonly home: string
}

const MODULES = join(ROOT, 'node_modules')
const IDENTITY = { name: 'matrix', version: '1.0.0' }

/** Real clients as users start them, by name. */
export const CLIENTS: Readonly<Record<string, (endpoint: Endpoint) => Promise<MatrixClient>>> = {
  'SDK v1': ({ url, token }) => {
    const requestInit = { headers: { authorization: `Bearer ${token}` } }
    return sdkV1(new StreamableHTTPClientTransport(new URL(url), { requestInit }))
  },
  'SDK v2, 2026-07-28': (endpoint) => sdkV2(endpoint, 'modern'),
  'SDK v2, 2025-11-25': (endpoint) => sdkV2(endpoint, 'legacy'),
  Inspector: (endpoint) => Promise.resolve(inspector(endpoint)),
  'mcp-remote': ({ url, token, home }) =>
    sdkV1(
      new StdioClientTransport({
        command: process.execPath,
        args: [
          join(MODULES, 'mcp-remote', 'dist', 'proxy.js'),
          url,
          '--transport',
          'http-only',
          '--header',
          'Authorization:Bearer ${TOKEN}',
        ],
        env: { TOKEN: token, HOME: home, MCP_REMOTE_CONFIG_DIR: home },
        stderr: 'ignore',
      }),
    ),
}

async function sdkV1(transport: Parameters<ClientV1['connect']>[0]): Promise<MatrixClient> {
  const client = new ClientV1(IDENTITY)
  await client.connect(transport)
  return {
    tools: async () => JSON.stringify(await client.listTools()),
    call: async (name, args) => JSON.stringify(await client.callTool({ name, arguments: args })),
    read: async (uri) => JSON.stringify(await client.readResource({ uri })),
    prompt: async (name, args) => JSON.stringify(await client.getPrompt({ name, arguments: args })),
    close: () => client.close(),
  }
}

async function sdkV2({ url, token }: Endpoint, era: 'modern' | 'legacy'): Promise<MatrixClient> {
  const client = await connectBearer(url, token, era)
  return {
    tools: async () => JSON.stringify(await client.listTools()),
    call: async (name, args) => JSON.stringify(await client.callTool({ name, arguments: args })),
    read: async (uri) => JSON.stringify(await client.readResource({ uri })),
    prompt: async (name, args) => JSON.stringify(await client.getPrompt({ name, arguments: args })),
    close: () => client.close(),
  }
}

/** Each question is a process of its own, as on a command line. */
function inspector({ url, token }: Endpoint): MatrixClient {
  const run = async (...args: string[]): Promise<string> => {
    const base = ['--cli', url, '--transport', 'http', '--header', `Authorization: Bearer ${token}`]
    const { stdout } = await promisify(execFile)(join(MODULES, '.bin', 'mcp-inspector'), [...base, ...args])
    return stdout
  }
  return {
    tools: () => run('--method', 'tools/list'),
    call: (name, args) => {
      const given = Object.entries(args).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`])
      return run('--method', 'tools/call', '--tool-name', name, ...given)
    },
    read: (uri) => run('--method', 'resources/read', '--uri', uri),
    prompt: (name, args) => {
      const given = Object.entries(args).flatMap(([key, value]) => ['--prompt-args', `${key}=${value}`])
      return run('--method', 'prompts/get', '--prompt-name', name, ...given)
    },
    close: () => Promise.resolve(),
  }
}
