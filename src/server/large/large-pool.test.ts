import { afterEach, describe, expect, test } from 'vitest'
import { SecretScrubber } from '../../classify/secrets/secret-scrubber.ts'
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

  test('R-CRED-1: take the credentials out that the gateway has by then, in whatever form', async () => {
    const scrubber = new SecretScrubber()
    const pool = poolOf({ size: 1, scrubber })
    const [first, second] = ['f1rst-Cr3dential-8a7b', 's3cond-Cr3dential-9c6d']
    const inspect = async (text: string): Promise<string> => {
      const result = { content: [{ type: 'text', text }] }
      const bytes = new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))
      const request = { tree: 't', untrusted: false, obligations: [] }
      const job = { bytes, request, mark: 'mark' }
      const { answer, kept } = await pool.run('inspect', job, { moved: [bytes], size: bytes.length })
      return `${Buffer.from(answer?.body.bytes ?? []).toString()} ${kept}`
    }
    const base64 = (value: string): string => Buffer.from(`x${value}`).toString('base64')
    expect(await inspect(base64(first))).toContain(base64(first))
    scrubber.add(first, 'one')
    expect(await inspect(base64(first))).not.toContain(base64(first).slice(4, 20))
    scrubber.add(second, 'two')
    const told = await inspect(`${first} ${base64(second)}`)
    expect(told.match(/\[secret:one\] e\[secret:two\]/g)).toHaveLength(2)
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
