import { basename } from 'node:path'
import type { CaseResult } from '../policy/run-cases.ts'

/** Results of cases in the XML that CI systems read. */
export function junitXml(folder: string, results: readonly CaseResult[]): string {
  const suite = escape(basename(folder))
  const failures = results.filter(({ differences }) => differences.length > 0).length
  const cases = results.map(({ name, differences }) => {
    const open = `    <testcase classname="${suite}" name="${escape(name)}"`
    if (differences.length === 0) return `${open}/>`
    const [first = ''] = differences
    const failure = `<failure message="${escape(first)}">${escape(differences.join('\n'))}</failure>`
    return `${open}>${failure}</testcase>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="${suite}" tests="${results.length}" failures="${failures}">
${cases.join('\n')}
  </testsuite>
</testsuites>
`
}

/** XML 1.0 has no place for most control characters, escaped or not. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\n\t]/gu, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
