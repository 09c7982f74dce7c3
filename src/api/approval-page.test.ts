import { expect, test } from 'vitest'
import type { ApprovalId } from '../core/ids.ts'
import { approvalPage } from './approval-page.ts'

const textOf = (...given: Parameters<typeof approvalPage>): string => approvalPage(...given).body.text

test('R-CON-2: the page escapes what a server chose to call its tool, and says how to decide', () => {
  const page = textOf({
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
    const page = textOf({ id: 'apr_1' as ApprovalId, state, server: 'fs', tool: 'write', expires: 0 })
    expect(page).not.toContain('approvals approve')
  },
)

test('R-POL-8: the page says while rules are only observed', () => {
  const summary = {
    id: 'apr_1' as ApprovalId,
    state: 'pending',
    server: 'fs',
    tool: 'w',
    expires: 0,
  } as const
  expect(textOf(summary)).not.toContain('observed')
  expect(textOf(summary, undefined, { observedUntil: '2099-01-01T00:00:00.000Z' })).toMatch(
    /only observed, not enforced, until <time datetime="2099[^>]*>2099-01-01 00:00 UTC</,
  )
})

test('R-CON-5: the page says what agreeing for the task would let run and until when, only where it is offered', () => {
  const waiting = {
    id: 'apr_1' as ApprovalId,
    state: 'pending',
    server: 'sh',
    tool: 'run',
    expires: 0,
  } as const
  expect(textOf(waiting)).not.toContain('--for-task')
  const page = textOf({ ...waiting, offered: Date.UTC(2026, 10, 22) })
  expect(page).toContain('remit approvals approve apr_1 --for-task')
  expect(page).toContain('2026-11-22T00:00:00.000Z')
  expect(page).toContain('the same tool with the same arguments')
})
