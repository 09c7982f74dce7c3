import { expect, test } from 'vitest'
import type { FileSystem } from './file-system.ts'
import { lookOnce } from './look-once.ts'

test('R-CLS-1: what one call asks about twice is looked at once, what is refused too', () => {
  const looked: string[] = []
  const fs: FileSystem = {
    realpath: (path) => {
      looked.push(`realpath ${path}`)
      if (path === '/none') throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      return path
    },
    entry: (path) => {
      looked.push(`entry ${path}`)
      return undefined
    },
    readlink: (path) => path,
  }
  const seen = lookOnce(fs)
  for (let round = 0; round < 2; round += 1) {
    expect(seen.realpath('/a')).toBe('/a')
    expect(() => seen.realpath('/none')).toThrow('no such file')
    expect(seen.entry('/a')).toBeUndefined()
  }
  expect(looked).toEqual(['realpath /a', 'realpath /none', 'entry /a'])
  expect('stamp' in seen).toBe(false)
  expect(lookOnce(seen).source).toBe(fs)
})
