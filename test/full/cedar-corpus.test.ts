import { expect, test } from 'vitest'
import { corpusPresent, readArchive, runCorpusTest } from '../policy/cedar-corpus.ts'

if (!corpusPresent) console.log('skipped: Cedar’s corpus is not beside the project')

test.runIf(corpusPresent)(
  'R-POL-5: all 62,472 requests of Cedar’s corpus agree in decision, reasons and errors',
  () => {
    const files = readArchive('corpus-tests.tar.gz')
    const tests = [...files.keys()].filter(
      (path) => path.endsWith('.json') && !path.endsWith('.entities.json'),
    )
    let requests = 0
    const differences: string[] = []
    for (const path of tests) {
      const result = runCorpusTest(files, path)
      requests += result.requests
      differences.push(...result.differences)
    }
    expect(differences).toEqual([])
    expect(requests).toBe(62_472)
  },
  1_200_000,
)
