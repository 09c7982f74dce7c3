import { expect, test } from 'vitest'
import { approvalPage } from '../../src/api/approval-page.ts'
import { approvalRow, approvalText, stateText } from '../../src/cli/format-approval.ts'
import type { HumanId, ServerKey } from '../../src/core/ids.ts'
import { sampleApproval } from '../suites/sample-records.ts'

/** Drives a terminal, reorders what stands beside it, or is markup. */
const HOSTILE = [
  '\u001b[2J\u001b[1;1Happroved',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u009b31m',
  '\r overwritten',
  '\b\b\b',
  '\u202egnp.exe',
  '\u2066x\u2069',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u0000\u007f\u0085\u2028',
].join(' ')

const approval = sampleApproval('apr_1', {
  server: HOSTILE as ServerKey,
  tool: HOSTILE,
  human: HOSTILE as HumanId,
  prompt: HOSTILE,
  gates: [{ ...sampleApproval('apr_1').gates[0]!, scope: 'ci', reason: HOSTILE, by: HOSTILE }],
  votes: [{ gate: 'ci', human: HOSTILE as HumanId, at: 1, comment: HOSTILE }],
})
const refused = { ...approval, refusal: { human: HOSTILE as HumanId, at: 1, reason: HOSTILE } }

// oxlint-disable-next-line no-control-regex -- control characters are what must not be there
const DRIVES = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\u2028\u2029]/

test('R-SEC-1, R-CON-1: terminal escapes: nothing of a request drives the terminal of who reads it', () => {
  const shown = [approvalText(approval, 0), stateText(refused, 0), ...approvalRow(approval, 0)]
  for (const text of shown) expect(text).not.toMatch(DRIVES)
  expect(shown.join()).toContain('\\u{1b}[2J')
})

test('R-SEC-1, R-CON-1: XSS: nothing of a request is markup on its page', () => {
  for (const viewer of [undefined, HOSTILE]) {
    const page = approvalPage(HOSTILE, viewer).body.text
    expect(page).not.toMatch(/<script>alert|<img src=x/)
    expect(page).toContain('&lt;script&gt;')
  }
})
