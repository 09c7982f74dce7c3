import { beforeAll, expect, test } from 'vitest'
import { loadSqlParser } from '../../src/classify/sql/parser.ts'
import { fuzzExtractors } from '../support/extractor-fuzz.ts'

beforeAll(loadSqlParser)

test('R-CLS-4: a million calls, none of which makes an extractor throw or hang', () => {
  expect(() => fuzzExtractors(1_000_000)).not.toThrow()
})
