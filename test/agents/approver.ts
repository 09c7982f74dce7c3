import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { setTimeout } from 'node:timers/promises'
import { APPROVER_CODE, ROOT, type RunningGateway } from '../support/running-gateway.ts'

const run = promisify(execFile)

/** A human who refuses what is about `asked-no` and agrees to the rest, as soon as it is asked. */
export function startApprover(gateway: RunningGateway): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const remit = (args: readonly string[]): Promise<{ stdout: string }> =>
    run(
      process.execPath,
      [join(ROOT, 'src', 'cli', 'main.ts'), ...args, '--config', join(gateway.home, 'remit.yaml')],
      { env: { ...process.env, REMIT_APPROVER: `mona:${APPROVER_CODE}` }, cwd: gateway.home },
    )
  const work = (async () => {
    while (!stopped.signal.aborted) {
      const { stdout } = await remit(['approvals', 'list', '--json'])
      const { approvals } = JSON.parse(stdout) as { approvals: readonly { id: string }[] }
      for (const approval of approvals) {
        const { id } = approval
        const agreed = !JSON.stringify(approval).includes('asked-no')
        const answer = agreed ? ['approve', id] : ['refuse', id, '--reason', 'the matrix says no']
        // Withdrawn meanwhile, or answered already.
        await remit(['approvals', ...answer]).catch(() => undefined)
      }
      await setTimeout(100)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await work
    },
  }
}
