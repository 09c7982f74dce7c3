import type { Approval } from '../../../src/core/approval.ts'
import type { ApprovalAnswer } from '../../../src/api/contract.ts'
import type { Widening } from '../../../src/core/widening.ts'
import { post, postGrave } from '../gateway.ts'

/** Agrees; what is grave asks for the passkey on the way, or for the code where somebody has none. */
export async function approve(
  id: string,
  how: {
    readonly comment: string
    readonly forTask?: boolean
    readonly widen?: Widening | undefined
    readonly code?: string
  },
): Promise<Approval> {
  const body = {
    ...(how.comment === '' ? {} : { comment: how.comment }),
    ...(how.forTask === true ? { grant: 'task' } : {}),
    ...(how.widen === undefined ? {} : { widen: how.widen }),
  }
  return (await postGrave<ApprovalAnswer>(`/approvals/${id}/approve`, body, how.code)).approval
}

export async function refuse(id: string, reason: string): Promise<Approval> {
  return (
    await post<ApprovalAnswer>(`/approvals/${id}/refuse`, { reason: reason || 'refused in the console' })
  ).approval
}
