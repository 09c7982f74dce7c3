/**
 * Plays a coding agent through the running gateway, with the official MCP client: `npm start` in one terminal,
 * `npm run demo` in another. Everything it does is real: real servers, real files, a real approval.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { admin, findGateway, type Gateway } from './admin-client.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const STATE = process.env['REMIT_STATE'] ?? join(ROOT, '.remit')
const WORKSPACE = join(STATE, 'demo', 'workspace')

const bold = (text: string): string => (process.stdout.isTTY ? `\u001B[1m${text}\u001B[0m` : text)
const step = (text: string): void => console.log(`\n${bold(`▸ ${text}`)}`)
const indent = (text: string): string => text.replaceAll(/^/gm, '    ')

interface Answer {
  readonly isError: boolean
  readonly text: string
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Answer> {
  const result = await client.callTool({ name, arguments: args })
  const parts = result.content as readonly { readonly text?: string }[]
  const answer = { isError: result.isError === true, text: parts.map((part) => part.text ?? '').join('\n') }
  const [first = ''] = answer.text.split('\n')
  console.log(`  ${name} → ${answer.isError ? 'refused' : 'ok'}`)
  console.log(indent(answer.isError ? answer.text : first))
  return answer
}

async function delegate(gateway: Gateway): Promise<{ id: string; token: string; url: string }> {
  const issued = await admin<{ task: { id: string }; token: string; url: string }>(gateway, '/tasks', {
    credential: gateway.storedCredential,
    body: {
      workflow: 'demo',
      intent: 'explain add() in the docs and let the release run by hand',
      agent: { id: 'demo-agent', kind: 'demo' },
      workspace: WORKSPACE,
      lifetime: 15 * 60_000,
    },
  })
  return { id: issued.task.id, token: issued.token, url: issued.url }
}

async function approveAsMaintainer(gateway: Gateway, task: string, approval: string): Promise<void> {
  const maintainer = await admin<{ human: string; code: string; notice: string }>(gateway, '/demo-approver', {
    credential: gateway.storedCredential,
    body: { task },
  })
  const shown = await admin<{ approval: { prompt: string } }>(gateway, `/approvals/${approval}`, {
    credential: maintainer.code,
  })
  console.log(indent(shown.approval.prompt))
  await admin(gateway, `/approvals/${approval}/approve`, {
    credential: maintainer.code,
    body: { comment: 'seen, fine' },
  })
  console.log(`  approved by ${maintainer.human} (${maintainer.notice})`)
}

function remit(args: readonly string[]): void {
  const result = spawnSync(process.execPath, [join(ROOT, 'bin', 'remit'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, REMIT_STATE: STATE },
  })
  if (result.status !== 0) throw new Error(`remit ${args.join(' ')} ended with ${result.status}`)
}

function inherited(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME }
}

/** Approvals that the agent's client was asked about. */
const decided = new Set<string>()

async function play(): Promise<void> {
  const gateway = findGateway(STATE)
  step('a human delegates a task')
  const task = await delegate(gateway)
  console.log(`  ${task.id}: explain add() in the docs and let the release run by hand`)

  const client = new Client(
    { name: 'demo-agent', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: { elicitation: { url: {} } } },
  )
  // The gateway answers a held call with a URL (MCP 2026-07-28, `input_required`); the client shows it, a human
  // decides elsewhere, and the client retries exactly the same call.
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    console.log(indent(params.message))
    const approval = /apr_[0-9a-z]+/.exec(JSON.stringify(params))?.[0]
    if (approval === undefined || decided.has(approval)) return { action: 'decline' }
    decided.add(approval)
    if (decided.size > 1) {
      console.log('  nobody approves this one')
      return { action: 'decline' }
    }
    step('what the maintainer sees, and decides')
    await approveAsMaintainer(gateway, task.id, approval)
    step('the client retries the same call')
    return { action: 'accept' }
  })
  // As an agent's settings have it: `remit connect` holds the task with a key, without which the token is of no use.
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(ROOT, 'bin', 'remit'), 'connect', '--url', task.url],
      env: { ...inherited(), REMIT_STATE: STATE, REMIT_TASK_TOKEN: task.token },
    }),
  )

  step('the agent lists tools: only what the task may use (no memory, no closing of tickets)')
  const { tools } = await client.listTools()
  console.log(indent(tools.map((tool) => tool.name).join('\n')))

  step('it reads a source file')
  await call(client, 'filesystem__read_text_file', { path: join(WORKSPACE, 'src', 'add.ts') })

  step('it reads .env')
  await call(client, 'filesystem__read_text_file', { path: join(WORKSPACE, '.env') })

  step('it edits the docs')
  await call(client, 'filesystem__write_file', {
    path: join(WORKSPACE, 'docs', 'add.md'),
    content: '# add\n\n`add(a, b)` is the sum of two numbers.\n',
  })

  step('it edits the release workflow: held until a human agrees')
  const workflow = {
    path: join(WORKSPACE, '.github', 'workflows', 'release.yml'),
    content: 'name: release\non: workflow_dispatch\njobs: {}\n',
  }
  await call(client, 'filesystem__write_file', workflow)
  step('and once more: the approval was for one run, so this asks anew')
  await call(client, 'filesystem__write_file', workflow).catch((error: Error) =>
    console.log(`  ${error.message}`),
  )
  await client.close()

  step('the audit timeline of the task')
  remit(['audit', 'tail', '--task', task.id])
  step('the ledger verifies')
  remit(['audit', 'verify'])
}

try {
  await play()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
