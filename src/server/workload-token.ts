import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import type { AgentPlace } from './find-endpoint.ts'

export interface WorkloadPlace extends Omit<AgentPlace, 'tokenFile'> {
  readonly workloadTokenFile?: string | undefined
  /** File of the key that is to hold the task, made where there is none; absent = REMIT_TASK_KEY, or nobody holds it. */
  readonly keyFile?: string | undefined
}

const VARIABLE = 'REMIT_WORKLOAD_TOKEN'

/** Whether a workload's token is at hand, so that the task is made with it. */
export function hasWorkloadToken({
  workloadTokenFile,
  environ,
}: Pick<WorkloadPlace, 'workloadTokenFile' | 'environ'>): boolean {
  return workloadTokenFile !== undefined || (environ[VARIABLE] ?? '') !== ''
}

/**
 * Never from an argument: those can be read by everybody on the machine.
 * @throws RemitError `token_missing`.
 */
export function readWorkloadToken({ workloadTokenFile: file, cwd, environ }: WorkloadPlace): string {
  if (file === undefined) return environ[VARIABLE] ?? ''
  try {
    return readFileSync(resolve(cwd, file), 'utf8').trim()
  } catch (cause) {
    throw new RemitError('token_missing', `the workload token in \`${file}\` cannot be read`, { cause })
  }
}
