import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findGateway, type Gateway } from '../admin-client.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A gateway of its own process, as `remit start` runs it. */
export interface GatewayProcess extends Gateway {
  stop(): Promise<void>
}

/** @param config path of the configuration. @param state its state folder. @throws Error with what the gateway printed. */
export async function startGatewayProcess(
  config: string,
  state: string,
  env: NodeJS.ProcessEnv,
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [MAIN, 'start', '--config', config], {
    env: { ...process.env, REMIT_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = (): void => void child.kill()
  process.once('exit', end)
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null
  for (;;) {
    if (gone()) throw new Error(`the gateway ended: ${printed}`)
    const found = described(state)
    const ready = found && (await fetch(`${found.adminUrl}/readyz`).catch(() => undefined))
    if (found !== undefined && ready?.ok === true)
      return {
        ...found,
        async stop() {
          process.off('exit', end)
          if (gone()) return
          const ended = once(child, 'exit')
          child.kill('SIGTERM')
          await ended
        },
      }
    await setTimeout(30)
  }
}

function described(state: string): Gateway | undefined {
  try {
    return findGateway(state)
  } catch {
    return undefined
  }
}
