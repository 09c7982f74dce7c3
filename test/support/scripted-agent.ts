import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/**
 * An agent as far as hooks know it: a process that starts `remit connect` as its server, and its hooks through a shell. Each
 * line on the input is one thing to do (`AgentOrder`), each line of the output its result.
 */
export interface AgentOrder {
  /** Starts a server that stays. */
  readonly connect?: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv }
  /** Ends the server that was started last. */
  readonly end?: NodeJS.Signals
  /** Runs one hook to its end. */
  readonly hook?: { readonly command: string; readonly payload: string; readonly env: NodeJS.ProcessEnv }
}

const servers: ReturnType<typeof connect>[] = []

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as AgentOrder
  if (order.connect !== undefined) {
    const server = connect(order.connect)
    servers.push(server)
    answer({ pid: server.pid })
  }
  const server = order.end === undefined ? undefined : servers.pop()
  if (server !== undefined) {
    server.kill(order.end)
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    answer({})
  }
  if (order.hook !== undefined) void runHook(order.hook).then(answer)
}
for (const server of servers) server.stdin.end()

function connect({ args, env }: NonNullable<AgentOrder['connect']>) {
  return spawn(process.execPath, [...args], { env, stdio: ['pipe', 'ignore', 'inherit'] })
}

async function runHook({ command, payload, env }: NonNullable<AgentOrder['hook']>): Promise<object> {
  const child = spawn('/bin/sh', ['-c', command], { env, stdio: 'pipe' })
  child.stdin.on('error', () => undefined)
  child.stdin.end(payload)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
