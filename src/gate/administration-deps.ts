import type { RecordReader } from '../audit/record-reader.ts'
import type { RecordSearcher } from '../audit/record-search.ts'
import type { TaskChain } from '../core/identity.ts'
import type { StoredCredentialLimits, WorkflowTemplate } from '../identity/workflow.ts'
import type { GateDeps } from './gate-deps.ts'
import type { StepUp } from './step-up.ts'
import type { PinBoard } from './pins/pin-board.ts'

export interface AdministrationDeps extends GateDeps {
  readonly workflows: ReadonlyMap<string, WorkflowTemplate>
  /** What the credential on disk may delegate; absent = whatever its human may. */
  readonly storedCredential?: StoredCredentialLimits
  /** Why no agent can run in a sandbox on this machine, undefined = it can; absent = nobody found out. */
  readonly noBoxes?: () => string | undefined
  readonly records: RecordReader
  readonly search: RecordSearcher
  /** Asks for a fresh proof under what is grave; absent = whoever is let in has proved enough. */
  readonly stepUp?: StepUp
  readonly reviews: Pick<PinBoard, 'get' | 'list' | 'replace' | 'edition'>
  /** Signs the bearer token of a task. */
  readonly mintToken: (chain: TaskChain) => Promise<string>
  /** The agent plane's MCP endpoint, as clients dial it. */
  readonly mcpUrl: string
}
