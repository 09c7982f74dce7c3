import { RemitError } from '../core/errors.ts'

/** A policy could not be evaluated. It is listed beside the decision, and in a forbid it denies. */
export function evaluationError(message: string): RemitError {
  return new RemitError('policy_engine_failed', message)
}
