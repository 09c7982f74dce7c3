/* oxlint-disable no-console -- what is heard on the console is the subject */
import { expect, test, vi } from 'vitest'

test('R-UX-1: loading the library says nothing of the runtime, and everything else is still heard', async () => {
  vi.resetModules()
  const heard: unknown[] = []
  const spy = vi.spyOn(console, 'warn').mockImplementation((text) => void heard.push(text))
  const { heardAll } = await import('./expect-warning.ts')
  const unsupported =
    'oidc-provider WARNING: Unsupported runtime. Use Node.js v22.x LTS, or a later LTS release.'
  console.warn(unsupported)
  console.warn(`\u001b[31;1m${unsupported}\u001b[0m`)
  console.warn('oidc-provider WARNING: something else')
  console.warn(unsupported, 'and more')
  expect(heard).toEqual(['oidc-provider WARNING: something else', unsupported])
  await import('./authorization-server.ts')
  expect(heard).toHaveLength(2)
  console.warn(unsupported)
  expect(heard).toHaveLength(3)
  heardAll()
  spy.mockRestore()
})
