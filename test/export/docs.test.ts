import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CEF_CUSTOM, CEF_KEYS } from '../../src/audit/export/cef.ts'
import { EXPORT_FORMATS } from '../../src/core/export-formats.ts'
import { OCSF_CLASSES } from '../../src/audit/export/ocsf/ocsf-class.ts'
import { OCSF_VERSION } from '../../src/audit/export/ocsf/ocsf-record.ts'
import { mcpAttributes } from '../../src/audit/export/otlp/mcp-attributes.ts'
import { RECORD_FIELDS } from '../../src/audit/export/record-fields.ts'
import { decisionRecord } from '../suites/sample-records.ts'

const page = readFileSync(new URL('../../docs/export.md', import.meta.url), 'utf8')

test('R-AUD-3: docs/export.md has every field, key, class and attribute, and what each says', () => {
  for (const { name, what, content } of RECORD_FIELDS) {
    expect(page).toContain(`| \`${name}\` | ${what}${content === true ? ' (with content only)' : ''} |`)
  }
  for (const [key, what] of CEF_KEYS) expect(page).toContain(`| \`${key}\` | ${what} |`)
  for (const [key, label] of CEF_CUSTOM) expect(page).toContain(`| \`${key}\` | \`${label}\` |`)
  for (const [kind, [{ name, uid }]] of Object.entries(OCSF_CLASSES)) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${name} (${uid}) |`))
    expect(row).toContain(`\`${kind}\``)
  }
  for (const [name] of mcpAttributes(decisionRecord({ id: 'dec_1', task: 'tsk_1' }).envelope)) {
    expect(page).toContain(`\`${name}\``)
  }
  for (const format of EXPORT_FORMATS) expect(page).toContain(`| \`${format}\` |`)
  expect(page).toContain(`OCSF ${OCSF_VERSION}`)
})
