import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rawCall } from '../support/raw-call.ts'
import { startRecordingUpstream } from '../support/recording-upstream.ts'
import { startGateway } from '../support/running-gateway.ts'

test('R-REL-1: `remit backup` of a gateway that runs, and `remit restore` of what it was, by the command line', async () => {
  const upstream = await startRecordingUpstream()
  let gateway = await startGateway({
    config: () => `servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      echo: { actions: [data.write] }
`,
  })
  try {
    const { token } = gateway.task()
    const call = (text: string): Promise<{ readonly text: string }> =>
      rawCall(gateway.agentUrl, token, { name: 'probe__echo', arguments: { text } })
    await call('before')
    const file = join(gateway.home, 'remit.backup')
    const env = { REMIT_BACKUP_PASSPHRASE: 'correct horse battery staple' }
    const made = gateway.remit(['backup', file, '--with-keys'], env)
    expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining('verified') })
    await call('after')
    await gateway.kill('SIGTERM')
    const restored = gateway.remit(['restore', file, '--force', '--accept-rollback'], env)
    expect(restored).toMatchObject({ status: 0, stdout: expect.stringContaining('rolled back: default had') })

    gateway = await gateway.restart()
    expect((await call('again')).text).toBe('done')
    expect(upstream.ran).toEqual(['echo:before', 'echo:after', 'echo:again'])
    expect(gateway.remit(['audit', 'verify']).status).toBe(0)
    const exported = join(gateway.home, 'export.jsonl')
    gateway.remit(['audit', 'export', '--output', exported])
    const ledger = readFileSync(exported, 'utf8')
    expect(ledger).toContain('backup.restored')
    expect(
      [/"text\\":\\"before/, /"text\\":\\"after/, /"text\\":\\"again/].map((word) => word.test(ledger)),
    ).toEqual([true, false, true])
  } finally {
    await gateway.remove()
    upstream.close()
  }
})
