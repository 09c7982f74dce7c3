import type { JsonObject } from '../core/json.ts'

export const EVALUATION_PATH = '/access/v1/evaluation'
export const EVALUATIONS_PATH = '/access/v1/evaluations'
export const OUTCOMES_PATH = '/access/v1/outcomes'
export const METADATA_PATH = '/.well-known/authzen-configuration'
/** Not offered: what a task may do to things that nobody named is not known before it is asked. */
export const SEARCH_PATHS = '/access/v1/search/'

/** §9.1. @param publicUrl base URL of the agent plane, without a slash at its end. */
export function metadataOf(publicUrl: string): JsonObject {
  return {
    policy_decision_point: publicUrl,
    access_evaluation_endpoint: `${publicUrl}${EVALUATION_PATH}`,
    access_evaluations_endpoint: `${publicUrl}${EVALUATIONS_PATH}`,
    // Remit's own, beside what is registered.
    remit_outcomes_endpoint: `${publicUrl}${OUTCOMES_PATH}`,
  }
}
