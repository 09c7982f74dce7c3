import { revokeWithReason } from './revoke-with-reason.ts'

export const taskRevoke = revokeWithReason('task', {
  path: 'task revoke',
  summary: 'end a task and all below it with its very next call',
})
