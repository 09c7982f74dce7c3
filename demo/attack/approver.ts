import { setTimeout } from 'node:timers/promises'
import type { Approval } from '../../src/core/approval.ts'
import { admin } from '../admin-client.ts'
import type { World } from './world.ts'

/** A human at work: who looks at each request once. */
export interface Approver {
  /** Ends when what was being answered is. */
  stop(): Promise<void>
}

/** Agrees to what `agrees` says and refuses the rest, as soon as it is asked. */
export function startApprover(world: World, agrees: (asked: Approval) => boolean): Approver {
  const stopped = new AbortController()
  const credential = world.approverCode
  const work = (async () => {
    while (!stopped.signal.aborted) {
      const { approvals } = await admin<{ approvals: readonly Approval[] }>(
        world.gateway,
        '/approvals?state=pending',
        { credential },
      )
      for (const asked of approvals) {
        const [verb, body] = agrees(asked) ? ['approve', {}] : ['refuse', { reason: 'not part of the task' }]
        // Who asked may have gone meanwhile.
        await admin(world.gateway, `/approvals/${asked.id}/${verb}`, { credential, body }).catch(
          () => undefined,
        )
      }
      await setTimeout(50)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await work
    },
  }
}

/** The project's own tests, and nothing else. */
export function isTestRun({ gates, prompt }: Approval): boolean {
  return gates.every(({ scope }) => scope === 'run') && prompt.includes('npm test')
}
