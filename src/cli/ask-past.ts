import type { PastAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import { type Invocation, textFlag, UsageError } from './command.ts'
import type { progressLine } from './past-flags.ts'

const ASK_EVERY_MS = 300

/** Whether the running gateway is asked. @throws UsageError beside an export. */
export function asksGateway(invocation: Invocation): boolean {
  if (invocation.flags['live'] !== true) return false
  if (textFlag(invocation, 'file') !== undefined)
    throw new UsageError('`--live` and `--file` do not go together; leave one out')
  return true
}

/** Has the running gateway look at the past, and waits for what it finds. */
export async function askPast(
  invocation: Invocation,
  path: string,
  { body, progress }: { readonly body: object; readonly progress: ReturnType<typeof progressLine> },
): Promise<PastAnswer> {
  const client = await openAdminClient(invocation, 'read')
  let answer = await client.post<PastAnswer>(path, body)
  while (answer.running !== undefined && !invocation.io.stopped.aborted) {
    progress.tell(answer.running.records)
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS)
    })
    answer = await client.get<PastAnswer>(`/policies/past/${answer.id}`)
  }
  return answer
}
