import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ownPolicyCache } from './own-policy-cache.ts'
import { stateFolderAt } from './state-folder.ts'

test('R-POL-3: a command believes a cache of parsed policies only where nobody else could have written it', () => {
  const state = stateFolderAt(mkdtempSync(join(tmpdir(), 'remit-state-')))
  expect(ownPolicyCache(state)).toEqual({ cacheDir: state.policyCache })
  chmodSync(state.root, 0o770)
  expect(ownPolicyCache(state)).toEqual({})
  chmodSync(state.root, 0o700)
  const another = vi.spyOn(process, 'getuid').mockReturnValue((process.getuid?.() ?? 0) + 1)
  try {
    expect(ownPolicyCache(state)).toEqual({})
  } finally {
    another.mockRestore()
  }
  expect(ownPolicyCache(stateFolderAt(join(state.root, 'none')))).toEqual({})
})
