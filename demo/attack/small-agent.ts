import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Mind } from '../../test/agents/model/script.ts'
import { HolderKey } from '../../src/identity/holder-key.ts'
import { askBefore, tellAfter, type HookedUse, type HookPlace } from './hook-client.ts'
import type { OwnTools } from './hands.ts'
import type { Player } from './play.ts'
import { provedFetch } from './proved-fetch.ts'

const NAME = 'remit'

/** The tools that the small agent has of its own, under the names that Claude Code gives them. */
const SMALL_AGENT: OwnTools = {
  shell: (command) => ({ tool: 'Bash', args: { command } }),
  edit: (path, content) => ({ tool: 'Write', args: { file_path: path, content } }),
  read: (path) => ({ tool: 'Read', args: { file_path: path } }),
}

interface SmallSession extends HookPlace {
  readonly env: Readonly<Record<string, string>>
}

export const SMALL_PLAYER: Player = {
  tools: SMALL_AGENT,
  async work(world, mind) {
    const key = HolderKey.make()
    const task = await world.delegate(key.thumbprint)
    const session = { project: world.project, url: task.url, fetch: provedFetch(key, task) }
    await runSmallAgent({ ...session, env: world.agentEnv }, mind)
    return { heard: mind.seen, tasks: [task.id] }
  },
}

/**
 * A coding agent reduced to its loop: it asks the model, its tools are real, each use of one is asked about at the
 * hook before it and told after it, and servers are reached by MCP. It trusts its model in everything.
 */
async function runSmallAgent(session: SmallSession, mind: Mind): Promise<void> {
  const client = new Client({ name: 'small-agent', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(new URL(session.url), { fetch: session.fetch }))
  const listed = await client.listTools()
  const tools = ['Bash', 'Write', 'Read', ...listed.tools.map((tool) => `mcp__${NAME}__${tool.name}`)]
  const conversation = randomUUID()
  const results: string[] = []
  try {
    for (;;) {
      const chosen = mind.next({ opening: '', tools, results })
      if (chosen.kind === 'text') return
      const args = chosen.args as Record<string, unknown>
      const use = chosen.use ?? randomUUID()
      const server = `mcp__${NAME}__`
      results.push(
        chosen.name.startsWith(server)
          ? await callServer(client, chosen.name.slice(server.length), args, use)
          : await useOwn(session, { conversation, use, tool: chosen.name, args }),
      )
    }
  } finally {
    await client.close()
  }
}

async function callServer(
  client: Client,
  name: string,
  args: Record<string, unknown>,
  use: string,
): Promise<string> {
  const result = await client.callTool({ name, arguments: args, _meta: { 'claudecode/toolUseId': use } })
  return JSON.stringify(result)
}

async function useOwn(session: SmallSession, use: HookedUse): Promise<string> {
  const refusal = await askBefore(session, use)
  if (refusal !== undefined) return JSON.stringify({ is_error: true, content: refusal })
  const result = await act(session, use)
  return JSON.stringify(await tellAfter(session, use, result))
}

async function act({ project, env }: SmallSession, { tool, args }: HookedUse): Promise<object> {
  const path = String(args['file_path'])
  try {
    switch (tool) {
      case 'Read':
        return { content: readFileSync(path, 'utf8') }
      case 'Write':
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, String(args['content']))
        return { content: 'written' }
      default: {
        const child = spawn('sh', ['-c', String(args['command'])], { cwd: project, env, timeout: 60_000 })
        const [stdout, stderr] = await Promise.all([
          text(child.stdout),
          text(child.stderr),
          once(child, 'close'),
        ])
        return { stdout, stderr, interrupted: false }
      }
    }
  } catch (thrown) {
    return { content: String(thrown) }
  }
}
