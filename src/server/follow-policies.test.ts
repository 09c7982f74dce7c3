import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import type { LogLevel } from '../core/log.ts'
import { composeGateway } from './compose.ts'
import { parseConfig } from './load-config.ts'

const PACK = fileURLToPath(new URL('../../policies/coding-agent', import.meta.url))
const CONFIG = 'listen: { agent: "127.0.0.1:0", admin: "localhost:0" }\npolicies: [packs]\n'

test('R-POL-3: a changed policy is taken over while running, a broken one is refused with its place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-follow-'))
  cpSync(PACK, join(folder, 'packs'), { recursive: true })
  const events: { event: string; message: unknown }[] = []
  const log = {
    log: (_: LogLevel, event: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void events.push({ event, message: fields['message'] }),
  }
  const loaded = { ...parseConfig('remit.yaml', CONFIG, {}), folder }
  const gateway = await composeGateway({ loaded, environ: {}, log, demo: false })
  const waited = { timeout: 60_000 }

  writeFileSync(
    join(folder, 'packs', 'mine.cedar'),
    '@id("mine")\npermit (principal, action, resource) when { oops };\n',
  )
  await vi.waitFor(() => {
    expect(events).toContainEqual({
      event: 'policy.refused',
      message: expect.stringMatching(/mine\.cedar:2:\d+/),
    })
  }, waited)
  writeFileSync(
    join(folder, 'packs', 'mine.cedar'),
    '@id("mine")\n@reason("mine")\nforbid (principal is Task, action == Action::"git.push", resource);\n',
  )
  await vi.waitFor(() => {
    expect(events).toContainEqual({ event: 'policy.changed', message: undefined })
  }, waited)
  await gateway.stop()
  expect(events.filter(({ event }) => event.includes('not_recorded') || event === 'stop.failed')).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})
