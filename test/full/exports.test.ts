import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startGateway } from '../support/running-gateway.ts'

test('R-AUD-3: a gateway that is killed in the middle goes on without a gap, and status and metrics say how far it is', async () => {
  const first = await startGateway({
    config: () => `exports:
  archive: { format: jsonl, file: { path: ./records.jsonl }, batch: 2 }
  down: { format: ocsf, http: { url: "http://127.0.0.1:9", privateAddresses: true } }
servers: {}
`,
  })
  const file = join(first.home, 'records.jsonl')
  const indexes = (): readonly number[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => (JSON.parse(line) as { index: number }).index)
      : []
  await expect.poll(() => indexes().length, { timeout: 20_000 }).toBeGreaterThan(0)
  first.task()
  await first.kill('SIGKILL')
  const second = await first.restart()
  try {
    const { size } = JSON.parse(second.remit(['status', '--json']).stdout).ledger as { size: number }
    await expect.poll(() => indexes().at(-1), { timeout: 20_000 }).toBeGreaterThanOrEqual(size - 1)
    const found = [...new Set(indexes())]
    expect(found).toEqual([...found.keys()])
    const status = second.remit(['status']).stdout
    expect(status).toMatch(/archive \(.*records\.jsonl\)/)
    expect(status).toMatch(/down \(http:\/\/127\.0\.0\.1:9\) \d+ records behind: .*could not be asked/)
    const live = second.remit(['audit', 'export', '--format', 'cef', '--live', '--kind', 'gateway.started'])
    expect(live.stdout.trimEnd().split('\n')).toHaveLength(2)
    expect(live.stdout).toMatch(/^CEF:0\|Remit\|/)
    const offline = second.remit(['audit', 'export', '--format', 'csv', '--kind', 'audit.exported'])
    // The head, the live export and this one.
    expect(offline.stdout.trimEnd().split('\n')).toHaveLength(3)
  } finally {
    await second.remove()
  }
})
