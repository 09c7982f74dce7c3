import type { JsonSearch, Learned } from '../../classify/secrets/secret-scanner.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { Json } from '../../core/json.ts'
import type { Inspection } from '../../core/outcome.ts'
import type { InspectionRequest } from '../../gate/inspect-result.ts'
import type { WrittenAnswer } from '../../mcp/large-answer.ts'
import type { ReadMessage } from '../../mcp/large-response.ts'
import type { ScannerKey } from '../create-scanner.ts'

/** What the threads for large messages do: for each kind of job what they are given and what comes back. */
export interface LargeJobs {
  /** A message of an upstream; its bytes come back for the inspection. */
  readonly read: {
    readonly job: { readonly bytes: Uint8Array }
    readonly done: ReadMessage & { readonly bytes: Uint8Array }
  }
  readonly parse: { readonly job: { readonly bytes: Uint8Array }; readonly done: { readonly value: Json } }
  readonly inspect: {
    readonly job: {
      readonly bytes: Uint8Array
      readonly request: Omit<InspectionRequest, 'scanner'>
      /** Random; stands for URIs while an answer is written. */
      readonly mark: string
    }
    readonly done: {
      readonly answer: WrittenAnswer | undefined
      /** Canonical text of what the record keeps. */
      readonly kept: string | undefined
      readonly inspection: Inspection
      readonly found: ReadonlyMap<string, string>
    }
  }
  readonly search: {
    readonly job: { readonly value: Json; readonly tree: string }
    readonly done: JsonSearch
  }
}

export type LargeKind = keyof LargeJobs

/** What a thread is told when it starts. */
export interface LargeThreadSettings {
  readonly scanner: ScannerKey
}

export interface ToLargeThread<K extends LargeKind = LargeKind> {
  readonly kind: K
  readonly job: LargeJobs[K]['job']
  /** What became known since the thread's last job. */
  readonly learned: Learned
  /** The gateway's own credentials with their names; absent = the same as with the thread's last job. */
  readonly credentials?: readonly (readonly [value: string, name: string])[]
}

export type FromLargeThread<K extends LargeKind = LargeKind> =
  | { readonly done: LargeJobs[K]['done'] }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly detail?: string } }
