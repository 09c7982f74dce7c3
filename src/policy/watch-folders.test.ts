import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchFolders } from './watch-folders.ts'

test('R-POL-3: a folder that cannot be watched is told of, and the others are watched', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'remit-watch-'))
  const errors: unknown[] = []
  const asked = new Set<string>()
  const changes = Promise.withResolvers<void>()
  const watch = watchFolders({
    folders: [join(folder, 'none'), folder],
    matches: (name) => {
      asked.add(name)
      return name === 'a.cedar'
    },
    changed: changes.resolve,
    onError: (error) => errors.push(error),
  })
  try {
    expect(errors).toEqual([expect.objectContaining({ code: 'ENOENT' })])
    await writeFile(join(folder, 'notes.txt'), '')
    await writeFile(join(folder, 'a.cedar'), '')
    await changes.promise
    expect([...asked]).toEqual(['notes.txt', 'a.cedar'])
  } finally {
    watch.close()
  }
})
