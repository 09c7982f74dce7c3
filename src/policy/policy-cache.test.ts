import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PolicyCache, sha256 } from './policy-cache.ts'

async function cacheIn(...folders: readonly string[]) {
  const folder = join(await mkdtemp(join(tmpdir(), 'remit-cache-')), ...folders)
  return { folder, cache: new PolicyCache(folder) }
}

describe('R-POL-3: what a warm start is told', () => {
  test('is what was written, and nothing for what never was', async () => {
    const { cache } = await cacheIn('a', 'b')
    await cache.write('one', [{ id: 'x' }])
    await cache.write('two', 'ü')
    expect([await cache.read('one'), await cache.read('two'), await cache.read('three')]).toEqual([
      [{ id: 'x' }],
      'ü',
      undefined,
    ])
  })

  test('lies where nobody else may read or write, and leaves no draft behind', async () => {
    const { folder, cache } = await cacheIn('a')
    await cache.write('one', 1)
    expect(await readdir(folder)).toEqual(['one.json'])
    const modes = await Promise.all([folder, join(folder, 'one.json')].map(async (path) => stat(path)))
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600])
  })

  test.each<readonly [string, (content: string) => string]>([
    ['another body', (content) => content.replace('[1]', '[2]')],
    ['another seal', (content) => `0${content.slice(1)}`],
    ['a seal without its key', (content) => `${sha256('[1]')}${content.slice(64)}`],
    ['half of it', (content) => content.slice(0, 66)],
    ['nothing', () => ''],
  ])('is not believed with %s', async (_name, spoil) => {
    const { folder, cache } = await cacheIn()
    await cache.write('one', [1])
    const path = join(folder, 'one.json')
    const content = await readFile(path, 'utf8')
    expect(content).toBe(`${sha256('one[1]')}\n[1]`)
    // Otherwise the same could pass for spoilt by accident.
    expect(spoil(content)).not.toBe(content)
    await writeFile(path, spoil(content))
    expect(await cache.read('one')).toBeUndefined()
  })

  test('is not believed under another name: a permit is not the file that it was copied over', async () => {
    const { folder, cache } = await cacheIn()
    await cache.write('one', [1])
    await writeFile(join(folder, 'two.json'), await readFile(join(folder, 'one.json')))
    expect(await cache.read('two')).toBeUndefined()
  })

  test('a sealed text that is no JSON is nothing', async () => {
    const { folder, cache } = await cacheIn()
    await writeFile(join(folder, 'one.json'), `${sha256('one{')}\n{`)
    expect(await cache.read('one')).toBeUndefined()
  })

  test('a cache that cannot be written costs time only', async () => {
    const { folder } = await cacheIn()
    await writeFile(join(folder, 'file'), '')
    const cache = new PolicyCache(join(folder, 'file'))
    await expect(cache.write('one', 1)).resolves.toBeUndefined()
    expect(await cache.read('one')).toBeUndefined()
  })

  test('without a folder nothing is kept', async () => {
    const cache = new PolicyCache(undefined)
    await expect(cache.write('one', 1)).resolves.toBeUndefined()
    expect(await cache.read('one')).toBeUndefined()
  })

  test('keys tell apart what is cut otherwise', () => {
    const cache = new PolicyCache(undefined)
    const keys = [['a', 'b'], ['ab'], ['a', 'b', ''], []].map((parts) => cache.keyOf(parts))
    expect(new Set(keys).size).toBe(4)
    expect(cache.keyOf(['a', 'b'])).toBe(keys[0])
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})
