import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ROWS = readFileSync(`${ROOT}docs/attacks.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| attack |'))

interface Cited {
  readonly file: string
  readonly title: string
}

/** `file`: “title” · “another of the same file” · `another file`: “title” */
function citedIn(row: string): readonly Cited[] {
  const cited: Cited[] = []
  let file = ''
  for (const [, path, title] of (row.split(' | ').at(-1) ?? '').matchAll(
    /`((?:src|test)\/[^`]+\.test\.ts)`: |“([^”]+)”/g,
  )) {
    if (path !== undefined) file = path
    if (title !== undefined) cited.push({ file, title })
  }
  return cited
}

test('R-SEC-1: every attack of docs/attacks.md names tests that exist under that very title', () => {
  expect(ROWS.filter((row) => citedIn(row).length === 0)).toEqual([])
  const missing = ROWS.flatMap((row) => citedIn(row)).filter(
    ({ file, title }) =>
      !existsSync(ROOT + file) || !readFileSync(ROOT + file, 'utf8').includes(`'${title}'`),
  )
  expect(missing).toEqual([])
})

test.each([
  'credential laundering',
  'confused deputy',
  'token passthrough',
  'session fixation',
  'consent phishing',
  'lookalike client',
  'redirect tricks',
  'JWKS confusion',
  'clock skew',
  'refresh reuse',
  'code replay',
  'mix-up',
  'cross-tenant',
  'cycles',
  'self-approval',
  'SSRF',
  'stolen link',
  'clickjacking',
  'XSS',
  'terminal escapes',
  'approve-then-swap',
  'tool redefinition',
  'replayed Slack payload',
])('R-SEC-1: %s is among them', (attack) => {
  expect(ROWS.filter((row) => (row.split(' | ')[0] ?? '').includes(attack))).not.toEqual([])
})

test('R-SEC-1: no file of attacks is left out', () => {
  const cited = new Set(ROWS.flatMap((row) => citedIn(row).map(({ file }) => file)))
  const files = readdirSync(`${ROOT}test/attacks`).filter((file) => !file.startsWith('attacks-page'))
  expect(files.map((file) => `test/attacks/${file}`).filter((file) => !cited.has(file))).toEqual([])
})
