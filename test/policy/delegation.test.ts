import { expect, test } from 'vitest'
import { childrenAreWithinParents } from '../suites/delegation-properties.ts'
import { packCompiler } from './compiled.ts'

test('R-ID-3: what a child is allowed, its parent is, whatever either was asked to be', () => {
  expect(childrenAreWithinParents(packCompiler()(), 2_000)).toBeGreaterThan(50)
})
