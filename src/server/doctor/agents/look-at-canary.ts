import { setTimeout as sleep } from 'node:timers/promises'
import { CANARY_WORDS } from '../../../hooks/canary.ts'
import type { Environ } from '../../load-config.ts'
import type { AgentFinding } from './agent-finding.ts'
import type { CanaryPayloads } from './canary-payloads.ts'
import type { HookProgram } from './hook-commands.ts'
import { type HookRun, runHook } from './run-hook.ts'

export interface CanaryPlace {
  readonly agent: string
  readonly title: string
  readonly environ: Environ
  readonly cwd: string
  /** Whether a connection may yet come up. */
  readonly mayCome: () => boolean
  /** Why the hook has no task to ask for; absent = it has one. */
  readonly without?: string
}

/** Calls one hook, and sees whether its no is one. */
export async function lookAtCanary(
  hook: HookProgram,
  payloads: CanaryPayloads,
  place: CanaryPlace,
): Promise<AgentFinding> {
  const { agent, title } = place
  const line = [hook.program, ...hook.args].join(' ')
  const run = await refusalOf(hook, payloads, place)
  if (!isRefusal(agent, run)) {
    return {
      about: 'hooks',
      result: 'bad',
      says: `${title}: \`${line}\` let a canary run that is refused (exit code ${run.code ?? 'none'})${reasonOf(run)}`,
      fix: 'run `remit init`, which writes a hook whose no is one',
    }
  }
  if (!isOfGateway(run)) {
    const why = place.without === undefined ? '' : `; ${place.without}`
    return {
      about: 'hooks',
      result: place.without === undefined ? 'bad' : 'note',
      says: `${title}: its hook refuses, and the gateway was not asked${reasonOf(run)}${why}`,
      fix: 'log in once with the line that `remit init` prints, or start the gateway; until then the agent can do nothing',
    }
  }
  return await goesOn(hook, payloads, place)
}

/** A hook that refuses everything would look as if it worked. */
async function goesOn(
  hook: HookProgram,
  { start }: CanaryPayloads,
  place: CanaryPlace,
): Promise<AgentFinding> {
  const { title } = place
  const run = start === undefined ? undefined : await runHook(hook, start, place)
  if (run === undefined || run.code === 0)
    return { about: 'hooks', result: 'good', says: `${title}: its hook asked the gateway, and a no held` }
  return {
    about: 'hooks',
    result: 'bad',
    says: `${title}: its hook refuses the beginning of a session, too${reasonOf(run)}`,
    fix: 'see `remit status`',
  }
}

/** A connection that was just started takes a moment until it can be found. */
async function refusalOf(
  hook: HookProgram,
  { before }: CanaryPayloads,
  place: CanaryPlace,
): Promise<HookRun> {
  for (;;) {
    const run = await runHook(hook, before, place)
    if (isOfGateway(run) || !isRefusal(place.agent, run) || !place.mayCome()) return run
    await sleep(200)
  }
}

/** As the agent takes it: Cline looks at no exit code. */
function isRefusal(agent: string, { code, out }: HookRun): boolean {
  if (agent !== 'cline') return code === 2
  try {
    return (JSON.parse(out) as { cancel?: unknown }).cancel === true
  } catch {
    return false
  }
}

function isOfGateway({ out, err }: HookRun): boolean {
  return `${out}${err}`.includes(CANARY_WORDS)
}

function reasonOf({ err }: HookRun): string {
  const [first = ''] = err.split('\n')
  return first === '' ? '' : `: ${first.slice(0, 200)}`
}
