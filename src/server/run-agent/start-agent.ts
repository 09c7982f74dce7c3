import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { RemitError } from '../../core/errors.ts'
import { bubblewrapArguments, type SandboxPlan } from '../sandbox/bubblewrap-arguments.ts'
import { handSignals } from './hand-through.ts'

export interface StartedAgent {
  /** The first process of its box, as seen from here; undefined = there is none (any more). */
  readonly box: Promise<number | undefined>
  /** Exit code as a shell gives it: 128 and the signal for what a signal ended. @throws RemitError `input_invalid`. */
  readonly ended: Promise<number>
}

/** Starts an agent in its box, on this process's terminal. @param bubblewrap absolute. */
export function startInBox(bubblewrap: string, plan: SandboxPlan, env: Record<string, string>): StartedAgent {
  const child = spawn(bubblewrap, ['--info-fd', '3', ...bubblewrapArguments(plan)], {
    env,
    cwd: '/',
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    // What the terminal sends must not end bubblewrap, and with it the box: the agent itself is told.
    detached: true,
  })
  let first: number | undefined
  const box = text(child.stdio[3] as Readable).then(
    (told) => (first = firstProcess(told)),
    () => undefined,
  )
  return { box, ended: endOf(child, () => first) }
}

/** The same without a box: as any program that is started from here. */
export function startInTheOpen(
  program: string,
  {
    args,
    cwd,
    env,
  }: { readonly args: readonly string[]; readonly cwd: string; readonly env: Record<string, string> },
): StartedAgent {
  const child = spawn(program, args, { env, cwd, stdio: 'inherit' })
  return { box: Promise.resolve(undefined), ended: endOf(child) }
}

function endOf(child: ChildProcess, group?: () => number | undefined): Promise<number> {
  const signals = handSignals(child, group)
  return new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new RemitError('input_invalid', `\`${child.spawnfile}\` cannot be started`, { cause }))
    })
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  }).finally(() => {
    signals.end()
  })
}

function firstProcess(told: string): number | undefined {
  try {
    const pid: unknown = (JSON.parse(told) as Readonly<Record<string, unknown>>)['child-pid']
    return typeof pid === 'number' ? pid : undefined
  } catch {
    // Bubblewrap says on standard error what was wrong, and ends.
    return undefined
  }
}
