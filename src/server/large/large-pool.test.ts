import { afterEach, describe, expect, test } from 'vitest'
import { createScanner, makeScannerKey } from '../create-scanner.ts'
import { LargePool, LargeWorkFailed, type LargePoolOptions } from './large-pool.ts'

const key = makeScannerKey()
const scanner = createScanner(key)
const pools: LargePool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close()
})

function poolOf(over: Partial<LargePoolOptions> = {}): LargePool {
  const pool = new LargePool({ scanner, settings: { scanner: key }, size: 2, ...over })
  pools.push(pool)
  return pool
}

function parse(pool: LargePool, text: string): Promise<{ readonly value: unknown }> {
  const bytes = new TextEncoder().encode(text)
  return pool.run('parse', { bytes }, { moved: [bytes], size: bytes.length })
}

describe('R-MCP-2: threads for large messages', () => {
  test('start with the first work, no more than asked for, and answer each with its own', async () => {
    const pool = poolOf()
    expect(pool.threads).toBe(0)
    const answers = await Promise.all([1, 2, 3, 4, 5].map((each) => parse(pool, `[${each}]`)))
    expect(answers.map(({ value }) => value)).toEqual([[1], [2], [3], [4], [5]])
    expect(pool.threads).toBe(2)
  })

  test('end when there is no work, and start again', async () => {
    const pool = poolOf({ idle: 1 })
    await parse(pool, '1')
    await expect.poll(() => pool.threads).toBe(0)
    expect((await parse(pool, '2')).value).toBe(2)
  })

  test('refuse what is more than may wait, and do what waits', async () => {
    const pool = poolOf({ size: 1, waiting: 4 })
    const [first, second] = [parse(pool, '111'), parse(pool, '222')]
    const third = parse(pool, '333')
    await expect(third).rejects.toMatchObject({ overloaded: true })
    expect([(await first).value, (await second).value]).toEqual([111, 222])
  })

  test('know what the gateway has learned since their last work', async () => {
    const pool = poolOf({ size: 1 })
    const search = (text: string) => pool.run('search', { value: [text], tree: 't' }, { moved: [], size: 0 })
    const value = ['9xQ2mVt8', 'Zb L5nRw7'].join('')
    expect((await search(`so ${value} it is`)).finds).toEqual([])
    scanner.remember(value, 'credential of x', 't')
    expect((await search(`so ${value} it is`)).finds).toMatchObject([{ kind: 'credential of x', start: 3 }])
    const other = { value: [value], tree: 'other' }
    expect((await pool.run('search', other, { moved: [], size: 0 })).finds).toEqual([])
  })

  test('that hang are given up with their job alone', async () => {
    const pool = poolOf({ size: 1, patience: 1 })
    await expect(parse(pool, '1')).rejects.toThrow(LargeWorkFailed)
  })

  test('take nothing once the gateway stops, and let go of what waits', async () => {
    const pool = poolOf({ size: 1 })
    const waiting = [parse(pool, '1'), parse(pool, '2')]
    const ended = Promise.allSettled(waiting)
    await pool.close()
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(parse(pool, '3')).rejects.toThrow(/stopping/)
    expect(pool.threads).toBe(0)
  })
})
