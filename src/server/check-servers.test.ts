import { expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import type { ListedDefinition } from '../gate/gate-deps.ts'
import { RemitError } from '../core/errors.ts'
import { checkServers } from './check-servers.ts'

test('R-MCP-2: a check reaches each server, puts its tools on record, and says what speaks against it', async () => {
  const up = new ScriptedUpstream('up', 'legacy')
  const down = new ScriptedUpstream('down', 'modern')
  down.session = () => Promise.reject(new RemitError('upstream_unavailable', 'the server is not there'))
  const seen: ListedDefinition[] = []
  const checks = await checkServers({
    upstreams: new Map([
      ['up', up],
      ['down', down],
    ]),
    servers: {},
    pins: {
      see: async (_server, tools) => {
        seen.push(...tools)
      },
    },
    reviews: { list: () => [] },
    clock: { now: () => 0, micros: () => 0 },
  })
  expect(checks).toMatchObject([
    { key: 'down', ok: false, error: 'upstream_unavailable: the server is not there' },
    {
      key: 'up',
      ok: true,
      era: 'legacy',
      tools: 1,
      pending: 0,
      notes: [/owner/, /purpose/].map((note) => expect.stringMatching(note)),
    },
  ])
  expect(seen.map(({ name }) => name)).toEqual(['@server', 'ask'])
})
