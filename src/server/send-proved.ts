import { request as send } from 'undici'
import type { TaskAccess } from './task-access.ts'

/** Nonces that are taken for one request before its refusal is its answer. */
const ROUNDS = 2

export interface ProvedRequest {
  /** URL. */
  readonly target: string
  readonly options: Omit<NonNullable<Parameters<typeof send>[1]>, 'headers' | 'method'> & {
    readonly method: 'GET' | 'POST' | 'DELETE'
    readonly headers: Readonly<Record<string, string>>
  }
}

/** Sends a request of an agent's for its task. Never twice, but where it was refused for want of a nonce. */
export async function sendProved(
  access: Pick<TaskAccess, 'headers' | 'asksForNonce'>,
  { target, options }: ProvedRequest,
): ReturnType<typeof send> {
  for (let round = 1; ; round += 1) {
    const proof = await access.headers(options.method, target)
    const answer = await send(target, { ...options, headers: { ...options.headers, ...proof } })
    const header = (name: string): string | undefined => {
      const value = answer.headers[name]
      return Array.isArray(value) ? value[0] : value
    }
    if (!access.asksForNonce(answer.statusCode, header) || round >= ROUNDS) return answer
    await answer.body.dump()
  }
}
