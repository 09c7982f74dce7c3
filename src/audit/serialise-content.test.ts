import { expect, test } from 'vitest'
import { NO_HISTORY, type Facts } from '../core/facts.ts'
import type { Json } from '../core/json.ts'
import { canonicalText } from './canonical-text.ts'
import { serialiseDetail } from './serialise-content.ts'

const FACTS: Facts = {
  now: 1,
  door: 'mcp',
  kind: 'tool',
  server: 'bank',
  tool: 'transfer',
  pinned: true,
  inferred: false,
  protection: 'advisory',
  environment: 'laptop',
  sandboxed: false,
  holderBound: false,
  hooked: false,
  taskState: 'active',
  loop: 'none',
  budgetExhausted: false,
  history: NO_HISTORY,
  provenance: [],
  approvals: [],
  outside: [[]],
  typed: {
    found: {
      total: { type: 'money', value: '5.0000', currency: 'EUR' },
      amount: { type: 'decimal', value: '1.5000' },
      tags: { type: 'set', value: ['b', 'a'] },
    },
    faults: ['one is missing'],
  },
  workload: { name: 'ci', kind: 'github', issuer: 'https://x', subject: 'y', repository: 'a/b', actor: 'c' },
}

test('R-AUD-1: typed facts and the claims of a workload stand on record in canonical form, and can be read back', () => {
  const text = serialiseDetail({ facts: FACTS })
  const read = JSON.parse(text) as Json
  expect(read).toEqual({ facts: FACTS })
  expect(text).toBe(canonicalText(read))
})
