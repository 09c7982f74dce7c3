import { revokeWithReason } from './revoke-with-reason.ts'

export const grantsRevoke = revokeWithReason('grant', {
  path: 'grants revoke',
  summary: 'end a grant with the very next call, which asks again',
})
