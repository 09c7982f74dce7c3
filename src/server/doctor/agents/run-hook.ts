import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { JsonObject } from '../../../core/json.ts'
import type { Environ } from '../../load-config.ts'
import type { HookProgram } from './hook-commands.ts'

export interface HookRun {
  /** Undefined = it was ended, or could not be started. */
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

/** Seconds after which a hook is to refuse by itself, and milliseconds after which it is ended. */
const DEADLINE = 10
const ENDED = 15_000

/** Calls a hook as its agent would. Never throws. */
export async function runHook(
  { program, args }: HookProgram,
  payload: JsonObject,
  { environ, cwd }: { readonly environ: Environ; readonly cwd: string },
): Promise<HookRun> {
  const child = spawn(program, args, {
    cwd,
    env: { ...environ, REMIT_HOOK_DEADLINE: String(DEADLINE) },
    stdio: 'pipe',
    timeout: ENDED,
    killSignal: 'SIGKILL',
  })
  // One that reads nothing of it is judged by its end.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(payload))
  try {
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: child.exitCode ?? undefined, out, err: err.trim() }
  } catch (thrown) {
    return { code: undefined, out: '', err: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
