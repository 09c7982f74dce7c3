import { beforeAll, expect, test } from 'vitest'
import { loadSqlParser } from '../../src/classify/sql/parser.ts'
import { fuzzExtractors } from '../support/extractor-fuzz.ts'

beforeAll(loadSqlParser)

test('R-CLS-4: no arguments make an extractor throw, or say what is no word', () => {
  expect(() => fuzzExtractors(20_000)).not.toThrow()
})
