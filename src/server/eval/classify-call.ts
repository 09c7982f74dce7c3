import type { Classification } from '../../classify/classify.ts'
import type { ServerKey } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ConfigLocation } from '../load-config.ts'
import { composeEvaluation } from './compose-evaluation.ts'

export interface ClassifyOptions extends ConfigLocation {
  /** Default the folder that the command runs in. */
  readonly workspace?: string | undefined
  readonly server: string
  readonly tool: string
  readonly arguments: JsonObject
}

/** What one call would do, with the configured servers and the shipped catalogue. @throws RemitError `config_invalid`. */
export async function classifyOneCall(options: ClassifyOptions): Promise<Classification> {
  const workspace = options.workspace ?? options.cwd
  const evaluation = await composeEvaluation({ ...options, workspace, trustNew: true })
  const { classifier } = evaluation.deps
  const found = classifier.classify(
    {
      door: options.server === 'claude-code' ? 'hook' : 'mcp',
      kind: 'tool',
      server: options.server as ServerKey,
      tool: options.tool,
      arguments: options.arguments,
      ...evaluation.fileSystemOf(options.server),
      correlation: { requestId: 'classify' },
    },
    { workspace: evaluation.workspace },
  )
  return await classifier.complete(found)
}
