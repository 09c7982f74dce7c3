import { setTimeout } from 'node:timers/promises'
import { APPROVER_CODE, type RunningGateway } from '../support/running-gateway.ts'

/** A human who refuses what is about `asked-no` and agrees to the rest, as soon as it is asked. */
export function startApprover({ adminUrl }: RunningGateway): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const work = (async () => {
    while (!stopped.signal.aborted) {
      for (const approval of await waiting(adminUrl)) {
        const agreed = !JSON.stringify(approval).includes('asked-no')
        // Refused where it was withdrawn meanwhile, or answered already.
        if (agreed) await ask(`${adminUrl}/approvals/${approval.id}/approve`, {})
        else await ask(`${adminUrl}/approvals/${approval.id}/refuse`, { reason: 'the matrix says no' })
      }
      await setTimeout(200)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await work
    },
  }
}

async function waiting(adminUrl: string): Promise<readonly { readonly id: string }[]> {
  const answer = await ask(`${adminUrl}/approvals?state=pending&limit=100`)
  if (!answer.ok) throw new Error(await answer.text())
  return ((await answer.json()) as { approvals: readonly { readonly id: string }[] }).approvals
}

function ask(url: string, body?: object): Promise<Response> {
  return fetch(url, {
    headers: { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
}
