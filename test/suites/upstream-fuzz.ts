import { fileURLToPath } from 'node:url'
import { readLedger } from '../support/fuzz/allowed-calls.ts'
import { startGarblingHttp } from '../support/fuzz/garbling-http.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

const STDIO = fileURLToPath(new URL('../support/fuzz/garbling-stdio.ts', import.meta.url))
const SERVERS = ['httpmodern', 'httplegacy', 'stdiomodern', 'stdiolegacy'] as const
const AT_ONCE = 32
/** Milliseconds in which every call must be answered, whatever its server does. */
const BOUND = 30_000

export interface UpstreamFindings {
  readonly calls: number
  readonly allowed: number
  readonly wrong: readonly string[]
  readonly verify: string
  /** Allowed calls of which no outcome is recorded. */
  readonly withoutOutcome: number
}

/** Calls servers whose every answer is garbled, through a running gateway of which nothing may break. */
export async function fuzzUpstreams(run: {
  readonly seed: number
  readonly count: number
}): Promise<UpstreamFindings> {
  const { seed, count } = run
  const modern = await startGarblingHttp('modern', seed)
  const legacy = await startGarblingHttp('legacy', seed)
  const program = (era: string): string =>
    `command: ${process.execPath}\n    args: [${STDIO}, ${era}, '${String(seed)}']\n    sandbox: { mode: 'off' }`
  const gateway = await startGateway({
    config: () => `servers:
${server('httpmodern', 'modern', `url: ${modern.url}`)}
${server('httplegacy', 'legacy', `url: ${legacy.url}`)}
${server('stdiomodern', 'modern', program('modern'))}
${server('stdiolegacy', 'legacy', program('legacy'))}
`,
  })
  try {
    const wrong: string[] = []
    const { token } = gateway.task()
    let next = 0
    const worker = async (): Promise<void> => {
      for (let index = next++; index < count && wrong.length < 20; index = next++) {
        const fault = await callOnce(gateway, token, index)
        if (fault !== undefined) wrong.push(`seed ${String(seed)}, answer ${String(index)}: ${fault}`)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    if (gateway.child.exitCode !== null) wrong.push(`the gateway ended: ${gateway.output().slice(-2_000)}`)
    const failed = gateway
      .output()
      .split('\n')
      .filter((line) => /"?code"?[:=] ?"?internal|door failed/.test(line))
    wrong.push(...failed.slice(0, 5).map((line) => `the log tells of a failure: ${line.slice(0, 1_500)}`))
    const { allowed, verify, withoutOutcome, failedInside } = await readLedger(gateway)
    if (failedInside > 0) wrong.push(`${String(failedInside)} outcomes say that the gateway itself failed`)
    const total = [...allowed.values()].reduce((sum, each) => sum + each, 0)
    return { calls: count, allowed: total, wrong, verify, withoutOutcome }
  } finally {
    await gateway.remove()
    modern.close()
    legacy.close()
  }
}

async function callOnce(gateway: RunningGateway, token: string, index: number): Promise<string | undefined> {
  const key = SERVERS[index % SERVERS.length] ?? ''
  const call = { name: `${key}__echo`, arguments: { text: `g-${String(index)}` } }
  try {
    const response = await fetch(gateway.agentUrl, requestOf(token, call))
    const text = await response.text()
    const last = text.includes('data:') ? (text.split(/^data: ?/m).at(-1) ?? '') : text
    const { id, error } = JSON.parse(last) as { id?: unknown; error?: { data?: { code?: string } } }
    if (error?.data?.code === 'internal') return `${key}: ${last.slice(0, 400)}`
    return id === 1 ? undefined : `${key}: answered something else: ${last.slice(0, 400)}`
  } catch (thrown) {
    return `${key}: no answer: ${String(thrown)}`
  }
}

function requestOf(token: string, call: { readonly name: string; readonly arguments: object }): RequestInit {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  }
  return {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': call.name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...call, _meta: meta } }),
    signal: AbortSignal.timeout(BOUND),
  }
}

function server(key: string, era: string, reach: string): string {
  return `  ${key}:
    ${reach}
    era: ${era}
    session: shared
    fileSystem: none
    timeout: 1s
    tools:
      echo: { actions: [data.write] }`
}
