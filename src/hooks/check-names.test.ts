import { expect, test } from 'vitest'
import { checkNames } from './check-names.ts'
import type { HookEvent } from './hook-event.ts'

const LONG = 'a'.repeat(257)
const before = (tool: object, more: object = {}): HookEvent => ({
  moment: 'before',
  tool: { name: 'Read', arguments: {}, ...tool },
  ...more,
})

test('R-AGT-1: an id that is longer than those of calls over MCP, or no text, is refused and not cut short', () => {
  checkNames(before({ use: 'a'.repeat(256), server: 'files' }, { session: 's' }))
  const wrong = [
    before({ use: LONG }),
    before({ name: LONG }),
    before({ server: LONG }),
    before({}, { session: LONG }),
    before({}, { subAgent: '\uD800' }),
  ]
  for (const event of wrong) expect(() => checkNames(event)).toThrow('at most 256 characters')
})
