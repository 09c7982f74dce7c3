import { expect, test } from 'vitest'
import { corpusPresent, readArchive, runCorpusTest } from './cedar-corpus.ts'

const SAMPLE_EVERY = 5

if (!corpusPresent) console.log('skipped: Cedar’s corpus is not beside the project')

test.runIf(corpusPresent)(
  'R-POL-5: a sample of Cedar’s corpus agrees in decision, reasons and errors',
  () => {
    const files = readArchive('corpus-tests.tar.gz')
    const tests = [...files.keys()].filter(
      (path) => path.endsWith('.json') && !path.endsWith('.entities.json'),
    )
    const sample = tests.toSorted().filter((_, position) => position % SAMPLE_EVERY === 0)
    const results = sample.map((path) => runCorpusTest(files, path))
    expect(results.flatMap(({ differences }) => differences)).toEqual([])
    expect(results.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThan(12_000)
  },
  240_000,
)

test.runIf(corpusPresent)('R-POL-5: Cedar’s hand-written tests agree', () => {
  const files = readArchive('hand-tests.tar.gz')
  const tests = [...files.keys()].filter((path) => /^tests\/.*\.json$/.test(path))
  const results = tests.map((path) => runCorpusTest(files, path))
  expect(results.flatMap(({ differences }) => differences)).toEqual([])
  expect(tests.length).toBeGreaterThan(20)
})
