import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { narrow, permits } from './narrow.ts'
import { SCOPE_DIMENSIONS, type Scope, type ScopeDimension } from './scope.ts'

const words: Record<ScopeDimension, readonly string[]> = {
  servers: ['fs', 'git', 'mem'],
  tools: ['fs__read', 'fs__write', 'git__read', 'mem__x__read', 'read'],
  actions: ['file.read', 'file.write', 'file.delete', 'net.connect', 'git.push'],
  repositories: ['o/r', 'o/s', 'p/r'],
  branches: ['main', 'fix/a', 'fix/b/c'],
  paths: ['src', 'src/a', 'src/a/b', 'docs/a', ''],
  hosts: ['a.example', 'B.A.example', 'other.test'],
}
const globs: Record<ScopeDimension, readonly string[]> = {
  servers: ['*', 'f*', '**'],
  tools: ['fs__*', '*__read', '*', '**', 'r*', 'f*__*', 'nothing__**'],
  actions: ['read', 'write', 'destructive', 'file.*', '*', 'git.*', 'no-such'],
  repositories: ['o/*', '**', '*/r'],
  branches: ['fix/**', 'fix/*', '**', 'm*'],
  paths: ['src/**', 'src/*', '**', '*', '**/a', 'docs/**'],
  hosts: ['*.example', '*.A.example', '**'],
}

const scopes: fc.Arbitrary<Scope> = fc.record(
  Object.fromEntries(
    SCOPE_DIMENSIONS.map((dimension) => [
      dimension,
      fc.array(fc.constantFrom(...words[dimension], ...globs[dimension]), { maxLength: 3 }),
    ]),
  ),
  { requiredKeys: [] },
)

function inside(scope: Scope, dimension: ScopeDimension, text: string): boolean {
  return scope[dimension]?.some((pattern) => permits(dimension, pattern, text)) ?? true
}

describe('R-ID-3: a child’s scope is a part of its parent’s', () => {
  test('whatever the narrowed scope permits, the parent permits', () => {
    let narrowed = 0
    fc.assert(
      fc.property(scopes, scopes, (parent, asked) => {
        const result = narrow(parent, asked)
        if ('refused' in result) return true
        narrowed += 1
        return SCOPE_DIMENSIONS.every((dimension) =>
          words[dimension].every(
            (text) =>
              !inside(result.scope, dimension, text) ||
              (inside(parent, dimension, text) && inside(asked, dimension, text)),
          ),
        )
      }),
      { numRuns: 10_000 },
    )
    expect(narrowed).toBeGreaterThan(500)
  })
})
