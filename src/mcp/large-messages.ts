import type { Json } from '../core/json.ts'
import type { UpstreamMessage } from './upstream-message.ts'

/**
 * Reads messages that are too large for the thread that calls run on. The bytes given are gone afterwards.
 * Both reject with RemitError `result_withheld` when the reading itself failed, `overloaded` when too much waits.
 */
export interface LargeMessages {
  /**
   * One message of an upstream, read as strictly as a small one. The result of a response comes with its body.
   * @throws RemitError `upstream_garbage`.
   */
  read(bytes: Uint8Array): Promise<UpstreamMessage>
  /** One message of a client. @throws RemitError `json_*`, `request_invalid`. */
  parse(bytes: Uint8Array): Promise<Json>
}
