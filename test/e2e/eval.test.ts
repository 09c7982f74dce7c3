import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'
import { bareEnviron } from '../support/shared-caches.ts'

function evaluate(args: readonly string[], input: string) {
  return spawnSync(process.execPath, [join(ROOT, 'bin', 'remit'), 'eval', ...args], {
    cwd: mkdtempSync(join(tmpdir(), 'remit-eval-')),
    encoding: 'utf8',
    env: { ...bareEnviron(), HOME: tmpdir() },
    input,
  })
}

const OPEN = '{"open":"a"}\n'
const READ =
  '{"session":"a","id":"1","call":{"server":"filesystem","tool":"read_text_file","arguments":{"path":"a.ts"}}}\n'

test('R-API-3: remit eval answers a stream, sums it up and says by its exit code whether all could be read', () => {
  const good = evaluate(['--summary'], OPEN + READ)
  expect(good.status).toBe(0)
  expect(JSON.parse(good.stdout)).toMatchObject({ session: 'a', id: '1', effect: 'allow' })
  expect(good.stderr).toMatch(
    /^2 lines: 1 allow, 0 consent, 0 deny, 0 errors; p50 [\d.]+ µs, p99 [\d.]+ µs$/m,
  )

  const bad = evaluate(['--summary', '--json'], `${OPEN}{"open"\n${READ}`)
  expect(bad.status).toBe(1)
  expect(
    bad.stdout
      .trim()
      .split('\n')
      .map((line) => Object.keys(JSON.parse(line) as object)[0]),
  ).toEqual(['line', 'session'])
  expect(JSON.parse(bad.stderr)).toMatchObject({ lines: 3, errors: 1, effects: { allow: 1 } })
})

test('R-POL-9: remit eval --policies tries another pack', () => {
  const { stdout } = evaluate(
    ['--policies', join(ROOT, 'policies', 'read-only')],
    OPEN + READ.replace('read_text_file', 'write_file').replace('"a.ts"', '"a.ts","content":"x"'),
  )
  expect(JSON.parse(stdout)).toMatchObject({ effect: 'deny', policies: ['read-only'] })
})

test('R-UX-3: flags of remit eval that exclude each other, and policies that are not there, are refused', () => {
  expect(evaluate(['--trust-new', '--no-trust-new'], '').status).toBe(2)
  const missing = evaluate(['--policies', 'nowhere'], OPEN)
  expect(missing.status).toBe(1)
  expect(missing.stderr).toContain('policy_invalid')
  expect(missing.stdout).toBe('')
})
