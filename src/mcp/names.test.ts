import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import { bareNaming, isListableName, PREFIXED } from './names.ts'

const key = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/) as fc.Arbitrary<ServerKey>
const name = fc.string({ minLength: 1 })

test('R-MCP-2: an exposed name or URI leads back to its server and to what the server calls it', () => {
  fc.assert(
    fc.property(key, name, (server, own) => {
      expect(PREFIXED.locateName('tool', PREFIXED.exposeName('tool', server, own))).toEqual({
        server,
        name: own,
      })
      expect(PREFIXED.locateUri(PREFIXED.exposeUri(server, own))).toEqual({ server, name: own })
      for (const scheme of ['ui://', 'skill://', 'remit://']) {
        const kept = scheme + own
        expect(PREFIXED.locateUri(PREFIXED.exposeUri(server, kept))).toEqual({ server, name: kept })
      }
    }),
  )
})

test('R-MCP-4: no two tools of two servers get one name', () => {
  fc.assert(
    fc.property(key, name, key, name, (one, a, two, b) => {
      fc.pre(one !== two || a !== b)
      expect(PREFIXED.exposeName('tool', one, a)).not.toBe(PREFIXED.exposeName('tool', two, b))
    }),
  )
})

test.each(['', '__x', 'x', 'x__', 'UPPER__x', 'a b__x', 'remit://', 'file:///etc/passwd'])(
  'what was not exposed here leads nowhere: %j',
  (exposed) => {
    expect(PREFIXED.locateName('tool', exposed)).toBeUndefined()
    expect(PREFIXED.locateUri(exposed)).toBeUndefined()
  },
)

test('an expanded template is the prefix and what the own template expands to', () => {
  const exposed = PREFIXED.exposeUri('fs' as ServerKey, 'file:///{path}{?q*}')
  expect(exposed).toBe('remit://fs/file:///{path}{?q*}')
  const expanded = exposed.replace('{path}', 'a%2Fb').replace('{?q*}', '?q=1')
  expect(PREFIXED.locateUri(expanded)?.name).toBe('file:///a%2Fb?q=1')
})

test('one server behind its own endpoint keeps its names', () => {
  const naming = bareNaming('fs' as ServerKey)
  expect(naming.exposeName('tool', 'fs' as ServerKey, 'a__b')).toBe('a__b')
  expect(naming.locateName('tool', 'other__b')).toEqual({ server: 'fs', name: 'other__b' })
})

test.each([
  ['fs__read_file', true],
  ['fs__läs', false],
  ['fs__a b', false],
  [`fs__${'x'.repeat(200)}`, false],
  // The gateway's own.
  ['remit_authorize', false],
  ['fs__remit_authorize', true],
])('only names that MCP allows are listed: %s', (exposed, listable) => {
  expect(isListableName(exposed)).toBe(listable)
})
