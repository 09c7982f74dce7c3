import { expect, test } from 'vitest'
import type { ApprovalId } from '../core/ids.ts'
import { approvalPage } from './approval-page.ts'

test('R-CON-2: the page escapes what a server chose to call its tool, and says how to decide', () => {
  const page = approvalPage({
    id: 'apr_1' as ApprovalId,
    state: 'pending',
    server: 'fs',
    tool: '<img src=x onerror="alert(1)">',
    expires: 0,
  })
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;')
  expect(page).toContain('remit approvals show apr_1')
})

test.each(['granted', 'refused', 'expired', 'cancelled', 'used'] as const)(
  'a %s request offers nothing to do',
  (state) => {
    const page = approvalPage({ id: 'apr_1' as ApprovalId, state, server: 'fs', tool: 'write', expires: 0 })
    expect(page).not.toContain('approvals approve')
  },
)
