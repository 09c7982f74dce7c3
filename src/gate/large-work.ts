import type { JsonSearch } from '../classify/secrets/secret-scanner.ts'
import type { Json } from '../core/json.ts'
import type { InspectedResult, InspectionRequest } from './inspect-result.ts'

/** An inspected result, and the values found in it, each with what it is a secret of. */
export interface LargeInspection {
  readonly inspected: InspectedResult
  readonly found: ReadonlyMap<string, string>
}

/**
 * Searches what is too large for the thread that calls run on, with all that the gate's scanner knows.
 * Both reject with RemitError when they fail; then nothing is known of what was given.
 */
export interface LargeWork {
  /**
   * @param response bytes of a JSON-RPC response whose result is inspected; they are gone afterwards.
   * `answer` and `kept` come with bodies of the kinds `members` and `record`.
   */
  inspect(response: Uint8Array, request: Omit<InspectionRequest, 'scanner'>): Promise<LargeInspection>
  /** Every string of a value. @param tree the root task, whose known secrets count. */
  search(value: Json, tree: string): Promise<JsonSearch>
}
