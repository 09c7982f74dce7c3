import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { REQUIREMENTS } from './requirements.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const TEST_FILE = /\.(test|suite)\.ts$|-suite\.ts$/

const cited = new Set(
  ['src', 'test', 'console/src'].flatMap((folder) =>
    readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => TEST_FILE.test(file) && !file.endsWith('requirements.test.ts'))
      .flatMap((file) => readFileSync(`${ROOT}${folder}/${file}`, 'utf8').match(/\bR-[A-Z]+-\d+\b/g) ?? []),
  ),
)

test('tests cite only requirements that exist', () => {
  expect([...cited].filter((id) => !Object.hasOwn(REQUIREMENTS, id))).toEqual([])
})

test('every requirement that is built or begun is cited by a test', () => {
  const proved = Object.keys(REQUIREMENTS).filter((id) => REQUIREMENTS[id]?.state !== 'later')
  expect(proved.filter((id) => !cited.has(id))).toEqual([])
})

test('a requirement that is said to be missing and got a test is said so here', () => {
  const missing = Object.keys(REQUIREMENTS).filter((id) => REQUIREMENTS[id]?.state === 'later')
  expect(missing.filter((id) => cited.has(id))).toEqual([])
})
