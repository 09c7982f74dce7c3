import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { IssuedTaskAnswer } from '../api/contract.ts'
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts'
import { RemitError } from '../core/errors.ts'
import { type AgentPlace, findEndpoint } from './find-endpoint.ts'

export interface WorkloadPlace extends Omit<AgentPlace, 'tokenFile'> {
  readonly workloadTokenFile?: string | undefined
}

/** What the token endpoint is told beside the token. */
export interface WorkloadWish {
  readonly intent: string
  readonly workflow?: string | undefined
  readonly workload?: string | undefined
  /** As in `POST /delegate`. */
  readonly task: object
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
 * Exchanges the workload token at hand for a task (RFC 8693).
 * @throws RemitError `token_missing`, `gateway_unreachable`, and whatever the gateway answers.
 */
export async function requestWorkloadTask(
  place: WorkloadPlace,
  { wish, signal }: { readonly wish: WorkloadWish; readonly signal: AbortSignal },
): Promise<IssuedTaskAnswer> {
  // Beside the MCP endpoint, which may lie below the path of a tenant.
  const endpoint = new URL(`${findEndpoint(place).replace(/\/(?:mcp(?:\/[^/]*)?)?$/, '')}/oauth/token`)
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: readToken(place),
    intent: wish.intent,
    task: JSON.stringify(wish.task),
    ...(wish.workflow === undefined ? {} : { workflow: wish.workflow }),
    ...(wish.workload === undefined ? {} : { workload: wish.workload }),
  })
  // A redirect would carry the token elsewhere.
  const response = await fetch(endpoint, { method: 'POST', body, redirect: 'error', signal }).catch(
    (cause: unknown) => {
      throw new RemitError('gateway_unreachable', `no gateway answers at \`${endpoint.origin}\``, { cause })
    },
  )
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const { access_token: token, task, url, code, error_description: message } = answer
  if (response.ok && typeof token === 'string' && typeof url === 'string')
    return { task: task as IssuedTaskAnswer['task'], token, url }
  if (typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)) {
    throw new RemitError(code as ErrorCode, String(message))
  }
  throw new RemitError(
    'gateway_unreachable',
    `\`${endpoint.origin}\` answered ${response.status} and not as a gateway does that knows workloads: see \`workloads\` in its remit.yaml`,
  )
}

/** Never from an argument: those can be read by everybody on the machine. */
function readToken({ workloadTokenFile: file, cwd, environ }: WorkloadPlace): string {
  if (file === undefined) return environ[VARIABLE] ?? ''
  try {
    return readFileSync(resolve(cwd, file), 'utf8').trim()
  } catch (cause) {
    throw new RemitError('token_missing', `the workload token in \`${file}\` cannot be read`, { cause })
  }
}
