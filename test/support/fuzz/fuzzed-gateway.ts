import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rawCall } from '../raw-call.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../running-gateway.ts'
import { FUZZED_SERVERS } from './agent-drafts.ts'
import type { Known } from './draft.ts'
import { startFuzzHttp } from './fuzz-http.ts'

/** A gateway with a recording server of each era and transport behind it. */
export interface FuzzedGateway {
  readonly gateway: RunningGateway
  readonly known: Known
  /** Keys of all calls that reached a server. */
  ran(): readonly string[]
  /** Bytes of heap and of memory after collection. */
  memory(): Promise<{ readonly heapUsed: number; readonly rss: number; readonly external: number }>
  /** Lifts what the fuzzer stopped, and makes what it ended, anew; then every server must answer. */
  heal(): Promise<void>
  remove(): Promise<void>
}

const STDIO = fileURLToPath(new URL('fuzz-stdio.ts', import.meta.url))
const PRELOAD = pathToFileURL(fileURLToPath(new URL('report-memory.ts', import.meta.url))).href
const TASKS = 3

export async function startFuzzedGateway(): Promise<FuzzedGateway> {
  const heard: string[] = []
  const note = (key: string): void => {
    heard.push(key)
  }
  const modern = await startFuzzHttp('modern', 'httpmodern', note)
  const legacy = await startFuzzHttp('legacy', 'httplegacy', note)
  const files: string[] = []
  let memoryFile = ''
  const gateway = await startGateway({
    env: { NODE_OPTIONS: `--expose-gc --import=${PRELOAD}` },
    config: ({ home }) => {
      const program = (era: string): string => {
        const file = join(home, `ran-${era}`)
        files.push(file)
        return `command: ${process.execPath}\n    args: [${STDIO}, ${era}, stdio${era}, ${file}]\n    sandbox: { mode: 'off' }`
      }
      return `consent: { hold: 0s }
servers:
${server('httpmodern', 'modern', `url: ${modern.url}`)}
${server('httplegacy', 'legacy', `url: ${legacy.url}`)}
${server('stdiomodern', 'modern', program('modern'))}
${server('stdiolegacy', 'legacy', program('legacy'))}
`
    },
    prepare: (home) => {
      memoryFile = join(home, 'memory.json')
      process.env['REMIT_FUZZ_MEMORY'] = memoryFile
    },
  })
  const known = learn(gateway)
  const heal = (): Promise<void> => healGateway(gateway, known)
  await heal()
  return {
    gateway,
    known,
    ran: () => [...heard, ...files.flatMap((file) => (existsSync(file) ? linesOf(file) : []))],
    memory: () => memoryOf(gateway, memoryFile),
    heal,
    async remove() {
      await gateway.remove()
      modern.close()
      legacy.close()
    },
  }
}

function server(key: string, era: string, reach: string): string {
  return `  ${key}:
    ${reach}
    era: ${era}
    session: shared
    fileSystem: none
    owner: alice
    purpose: fuzz
    timeout: 10s
    tools:
      echo: { actions: [data.write] }
      wipe: { actions: [data.delete] }
      ask: { actions: [data.write] }`
}

function learn(gateway: RunningGateway): Known {
  const revoked = gateway.task()
  const ended = gateway.remit(['task', 'revoke', revoked.task.id])
  if (ended.status !== 0) throw new Error(ended.stderr)
  return {
    ports: { agent: Number(new URL(gateway.agentUrl).port), admin: Number(new URL(gateway.adminUrl).port) },
    tokens: [],
    revoked: revoked.token,
    credentials: {
      approver: APPROVER_CODE,
      stored: readFileSync(join(gateway.home, '.remit', 'local-credential'), 'utf8').trim(),
    },
    sessions: new Map(),
    handles: { requestState: [], session: [], approval: [], task: [], decision: [], grant: [] },
  }
}

async function healGateway(gateway: RunningGateway, known: Known): Promise<void> {
  const { halts } = (await admin(gateway, 'GET', '/halts')) as { halts: { target: string; id: string }[] }
  for (const { target, id } of halts)
    await admin(gateway, 'POST', '/halts/lift', { target, id, reason: 'heal' })
  const living: string[] = []
  for (const token of known.tokens) {
    const { status } = await rawCall(gateway.agentUrl, token, { name: 'nobody__x', arguments: {} })
    if (status !== 401 && status !== 403) living.push(token)
  }
  while (living.length < TASKS) {
    const body = { workflow: 'fix-tests', intent: 'be fuzzed', workspace: gateway.workspace }
    const made = (await admin(gateway, 'POST', '/tasks', body)) as { token: string }
    living.push(made.token)
  }
  known.tokens.splice(0, known.tokens.length, ...living)
  known.sessions.clear()
  for (const token of living) known.sessions.set(token, await openSession(gateway, token))
  for (const key of FUZZED_SERVERS) {
    const call = { name: `${key}__echo`, arguments: { text: 'well' } }
    const answer = await rawCall(gateway.agentUrl, living[0] ?? '', call)
    if (answer.isError) throw new Error(`${key} does not answer an ordinary call: ${JSON.stringify(answer)}`)
  }
}

/** An ordinary request to the admin plane, which must succeed within the bound. */
async function admin(gateway: RunningGateway, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${gateway.adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text}`)
  return JSON.parse(text)
}

async function openSession(gateway: RunningGateway, token: string): Promise<string> {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'fuzz', version: '1' },
  }
  const answer = await fetch(gateway.agentUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
    signal: AbortSignal.timeout(20_000),
  })
  await answer.text()
  const session = answer.headers.get('mcp-session-id')
  if (session === null) throw new Error(`no session was opened: ${String(answer.status)}`)
  return session
}

async function memoryOf(
  gateway: RunningGateway,
  file: string,
): Promise<{ readonly heapUsed: number; readonly rss: number; readonly external: number }> {
  rmSync(file, { force: true })
  gateway.child.kill('SIGUSR2')
  for (let round = 0; round < 600 && !existsSync(file); round += 1) await sleep(50)
  await sleep(50)
  return JSON.parse(readFileSync(file, 'utf8')) as Awaited<ReturnType<FuzzedGateway['memory']>>
}

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
}
