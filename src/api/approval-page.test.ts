import { expect, test } from 'vitest'
import { approvalPage } from './approval-page.ts'

const textOf = (...given: Parameters<typeof approvalPage>): string => approvalPage(...given).body.text

test('R-CON-2: the page escapes what stands in its address, and says how to decide', () => {
  const page = textOf('<img src=x onerror="alert(1)">')
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;')
  expect(textOf('apr_1')).toContain('remit approvals show apr_1')
})

test('R-CON-2: whoever is logged in gets an empty form, which is filled once they prove who they are', () => {
  const page = textOf('apr_1', 'mona')
  expect(page).toContain('<form id="decision" autocomplete="off" hidden>')
  expect(textOf('apr_1')).not.toContain('<form id="decision"')
})

test('R-POL-8: the page says while rules are only observed', () => {
  expect(textOf('apr_1')).not.toContain('observed')
  expect(textOf('apr_1', undefined, { observedUntil: '2099-01-01T00:00:00.000Z' })).toMatch(
    /only observed, not enforced, until <time datetime="2099[^>]*>2099-01-01 00:00 UTC</,
  )
})
