import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Round, Shape, Target } from '../proxy/load.ts'
import { startScript } from '../proxy/process.ts'
import { startGateway } from '../../test/support/running-gateway.ts'
import { type Measure, measure } from './measure.ts'
import { commitOne, type Place } from './place.ts'

const LOAD = fileURLToPath(new URL('../proxy/load-process.ts', import.meta.url))

export interface LoadedGateway {
  readonly target: Target
  stop(): Promise<void>
}

/** A gateway before an echoing server, on a store of its own. @param store as in its configuration. */
export async function startLoaded(store: string): Promise<LoadedGateway> {
  const upstream = await startScript('echo-upstream.ts')
  const gateway = await startGateway({
    config: () => `store: ${store}
servers:
  echo:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      echo: { actions: [data.read] }
`,
  })
  const { token } = gateway.task()
  return {
    target: { name: store, url: gateway.agentUrl, tool: 'echo__echo', token },
    stop: async () => {
      await gateway.remove()
      upstream.child.kill()
    },
  }
}

/** Commits to a ledger while a gateway beside it serves calls. @returns both, measured over the same time. */
export async function underLoad(
  place: Place,
  { target }: LoadedGateway,
  shape: Shape,
): Promise<{ readonly commits: Measure; readonly calls: Round }> {
  const over = new AbortController()
  const calls = loadApart(target, shape).finally(() => over.abort())
  const commits = measure(over.signal, 1, () => commitOne(place.store))
  return { calls: await calls, commits: await commits }
}

function loadApart(target: Target, shape: Shape): Promise<Round> {
  return new Promise((resolve, reject) => {
    const child = fork(LOAD)
    child.once('message', (round) => resolve(round as Round))
    child.once('exit', (code) => code !== 0 && reject(new Error(`the load ended with ${code}`)))
    child.send({ target, shape })
  })
}
