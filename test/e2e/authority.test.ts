import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HolderKey } from '../../src/identity/holder-key.ts'
import { heldFetch } from '../support/held-fetch.ts'
import { rawCall } from '../support/raw-call.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { startSampleServer } from '../support/sample-server.ts'

const APPROVER = { REMIT_APPROVER: APPROVER_CODE }

test('R-ID-3 R-THR-1: a child is delegated, draws on its parent’s budget, and is stopped, all from the command line', async () => {
  const server = await startSampleServer()
  const gateway = await startGateway({
    config: () => `consent: { hold: 0s }
servers:
  probe:
    url: ${server.url}
    fileSystem: none
    tools:
      echo: { actions: [data.read] }
`,
  })
  try {
    const { task, token } = gateway.task(['--budget', 'calls=4', '--agent', 'claude-code'])
    // A token that no key holds starts no agent, and its human is told what would.
    const bare = gateway.remit(['task', 'delegate', '--intent', 'x'], { REMIT_TASK_TOKEN: token })
    expect(bare.stderr).toMatch(/rule `bearer-delegates`/)
    expect(bare.stderr).toContain('connect this agent with `remit connect`')
    const key = HolderKey.make()
    writeFileSync(join(gateway.home, 'key.pem'), key.toPem(), { mode: 0o600 })
    const child = delegate(gateway, token, ['--intent', 'a part of it', '--budget', 'calls=3'])
    expect(child.task).toMatchObject({ parent: task.id, human: 'alice', origin: 'parent-task' })
    const wider = gateway.remit(['task', 'delegate', '--intent', 'x', '--expires', '11h'], {
      REMIT_TASK_TOKEN: child.token,
    })
    expect(wider.stderr).toContain('bearer-delegates')

    const held = heldFetch(gateway.agentUrl, token, key)
    const call = (as: string) =>
      rawCall(
        gateway.agentUrl,
        as,
        { name: 'probe__echo', arguments: { text: 'hi' } },
        as === token ? held : fetch,
      )
    expect((await call(child.token)).isError).toBe(false)
    expect((await call(token)).isError).toBe(false)
    expect((await call(token)).isError).toBe(false)
    // The delegation was the fourth: the child has two of its own left, and its parent none.
    expect((await call(child.token)).text).toMatch(/remit:budget.*used up: calls/)
    const tree = gateway.remit(['task', 'tree', child.task.id]).stdout
    expect(tree).toMatch(/calls 4\/4[^]*\n {2}tsk_.*calls 1\/3/)

    const stop = gateway.remit(['kill', '--agent', 'claude-code', '--reason', 'it misbehaves'])
    expect(stop.stdout).toContain('stopped agent claude-code')
    expect(await call(token)).toMatchObject({ status: 403, text: expect.stringContaining('it misbehaves') })
    expect(
      gateway.remit(['lift', '--agent', 'claude-code', '--reason', 'x'], { REMIT_APPROVER: token }).status,
    ).toBe(1)
    expect(gateway.remit(['lift', '--agent', 'claude-code', '--reason', 'mended'], APPROVER).status).toBe(0)
    expect((await call(token)).text).toContain('remit:budget')

    // A task token is heard on the admin plane for nothing, and on the agent plane for a child only.
    for (const path of ['/tasks', `/tasks/${task.id}/renew`, '/halts', '/glass']) {
      const answer = await fetch(new URL(path, gateway.adminUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      })
      expect(answer.status).toBe(401)
    }
    expect(gateway.remit(['task', 'renew', task.id, '--expires', '3h']).stdout).toContain('token')
    expect(gateway.remit(['task', 'complete', task.id]).stdout).toContain(`completed ${task.id}`)
    expect(await call(child.token)).toMatchObject({ status: 401, text: expect.stringContaining('completed') })
    expect(gateway.remit(['audit', 'verify']).status).toBe(0)
  } finally {
    await gateway.remove()
    await server.close()
  }
})

interface Issued {
  readonly token: string
  readonly task: { readonly id: string }
}

/** The default pack asks before a task starts another agent. */
function delegate(gateway: RunningGateway, token: string, args: readonly string[]): Issued {
  const ask = () =>
    gateway.remit(['task', 'delegate', ...args, '--key-file', 'key.pem', '--json'], {
      REMIT_TASK_TOKEN: token,
    })
  const id = /apr_[0-9a-z]+/.exec(ask().stderr)?.[0] ?? ''
  const approved = gateway.remit(['approvals', 'approve', id], APPROVER)
  if (approved.status !== 0) throw new Error(approved.stderr)
  const made = ask()
  if (made.status !== 0) throw new Error(made.stderr)
  return JSON.parse(made.stdout) as Issued
}
