import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startQuietServer } from './quiet-http.ts'
import { httpUpstream, startTestDoor, stdioUpstream, type TestDoor } from './test-door.ts'
import { WireClient } from './wire-client.ts'

const STDIO = fileURLToPath(new URL('quiet-stdio.sh', import.meta.url))
const AT_ONCE = 12
/** Milliseconds after which what nobody uses is closed. */
const IDLE = 300

/** What this process holds. Descriptors and children are known on Linux only. */
export interface Held {
  readonly handles: Readonly<Record<string, number>>
  readonly descriptors: number
  readonly children: number
  readonly upstreamSessions: number
  readonly upstreamStreams: number
}

export interface Churned {
  readonly before: Held
  readonly after: Held
  /** Bytes on the heap after collection, when everything was used once and at the end. */
  readonly heap: { readonly warm: number; readonly end: number }
}

/**
 * Opens that many sessions, each of a task of its own with sessions at two HTTP servers and a process, and drops them
 * in every way there is: ended properly, gone without a word, gone in the middle of a call.
 * @param forget milliseconds after which the door forgets a client's session that nobody uses; waited for before the
 * heap is measured. Longer than any client is ever quiet. Absent = such sessions count as used memory.
 */
export async function churnSessions(count: number, warmUp: number, forget?: number): Promise<Churned> {
  const servers = await Promise.all([startQuietServer('legacy'), startQuietServer('modern')])
  const [legacy, modern] = servers
  const options = { idle: IDLE }
  const timeout = 60_000
  const transport = { kind: 'stdio', command: '/bin/sh', args: [STDIO], env: {} } as const
  const door = await startTestDoor({
    limits: { sessionIdle: forget ?? 60_000 },
    upstreams: [
      httpUpstream('legacy', legacy.url, { era: 'legacy', timeout }, options),
      httpUpstream('modern', modern.url, { timeout }, options),
      stdioUpstream('process', [], { transport, session: 'task', timeout }, options),
    ],
  })
  const held = (): Held => holdings([legacy.open(), modern.open()])
  const before = held()
  await churn(door, 0, warmUp)
  if (forget !== undefined) await sleep(forget * 1.2)
  const warm = await heapAfterCollection()
  await churn(door, warmUp, count)
  const after = await settled(held, before)
  if (forget !== undefined) await sleep(forget * 1.2)
  const end = await heapAfterCollection()
  await door.close()
  for (const server of servers) await server.close()
  return { before, after, heap: { warm, end } }
}

async function churn(door: TestDoor, from: number, to: number): Promise<void> {
  let next = from
  const worker = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++) {
      await useAndDrop(door, index)
      // The gate of the tests remembers everything; the door must not.
      door.gate.calls.length = 0
      door.gate.outcomes.length = 0
      door.gate.seen.length = 0
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

async function useAndDrop(door: TestDoor, index: number): Promise<void> {
  const era = index % 2 === 0 ? 'legacy' : 'modern'
  const who = { token: `task-${String(index)}`, era, marker: 'm' } as const
  const client = new WireClient(`${door.url}/mcp`, who)
  await client.begin([])
  for (const server of ['legacy', 'modern', 'process']) {
    const answer = await client.call(`${server}__echo`, 1)
    if (answer.result?.['content'] === undefined) throw new Error(`${server}: ${JSON.stringify(answer)}`)
  }
  if (index % 3 === 0 && era === 'legacy') await client.end()
  else if (index % 3 === 1) {
    const calls = ['legacy', 'modern', 'process'].map((server, id) => client.call(`${server}__slow`, id))
    const ended = Promise.allSettled(calls)
    await sleep(20)
    await client.drop()
    await ended
  }
  await client.drop()
}

/** What is held once nothing more goes, or after half a minute. */
async function settled(held: () => Held, wanted: Held): Promise<Held> {
  let now = held()
  for (let round = 0; round < 300 && JSON.stringify(now) !== JSON.stringify(wanted); round += 1) {
    await sleep(100)
    now = held()
  }
  return now
}

function holdings(servers: readonly { readonly sessions: number; readonly streams: number }[]): Held {
  const handles: Record<string, number> = {}
  const kinds = ['TCPSocketWrap', 'PipeWrap', 'ProcessWrap', 'FSReqCallback']
  const active = process.getActiveResourcesInfo()
  for (const kind of kinds) handles[kind] = active.filter((each) => each === kind).length
  const linux = process.platform === 'linux'
  return {
    handles,
    descriptors: linux ? readdirSync('/proc/self/fd').length : 0,
    children: linux ? childrenOf(process.pid) : 0,
    upstreamSessions: servers.reduce((sum, { sessions }) => sum + sessions, 0),
    upstreamStreams: servers.reduce((sum, { streams }) => sum + streams, 0),
  }
}

/** Also those that have ended and that nobody has waited for. */
function childrenOf(pid: number): number {
  const threads = readdirSync(`/proc/${String(pid)}/task`)
  const lists = threads.map((thread) => readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'utf8'))
  return lists.join(' ').split(/\s+/).filter(Boolean).length
}

async function heapAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round += 1) {
    collect()
    await sleep(10)
  }
  return process.memoryUsage().heapUsed
}
