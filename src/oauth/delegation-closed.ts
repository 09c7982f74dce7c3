import { RemitError } from '../core/errors.ts'

export function delegationClosed(): RemitError {
  return new RemitError(
    'delegation_closed',
    'this request was answered already or is too old; start again in your agent',
  )
}
