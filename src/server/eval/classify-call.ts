import type { Classification } from '../../classify/classify.ts'
import { inferTool, type DescribedTool, type InferenceReason } from '../../classify/inference/infer-tool.ts'
import type { Digest, ServerKey } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ConfigLocation } from '../load-config.ts'
import { composeEvaluation } from './compose-evaluation.ts'

export interface ClassifyOptions extends ConfigLocation {
  /** Default the folder that the command runs in. */
  readonly workspace?: string | undefined
  readonly server: string
  readonly tool: string
  readonly arguments: JsonObject
  /** The tool as `tools/list` of its server gives it; absent = its name is all that is known. */
  readonly definition?: DescribedTool
}

/** Beside what the call would do, the words of an unknown tool that say so; empty for one that is described. */
export interface ExplainedClassification extends Classification {
  readonly why: readonly InferenceReason[]
}

/** What one call would do, with the configured servers and the shipped catalogue. @throws RemitError `config_invalid`. */
export async function classifyOneCall(options: ClassifyOptions): Promise<ExplainedClassification> {
  const workspace = options.workspace ?? options.cwd
  const described = { ...options.definition, name: options.tool }
  const evaluation = await composeEvaluation({ ...options, workspace, trustNew: true })
  const { classifier } = evaluation.deps
  const found = classifier.classify(
    {
      door: options.server === 'claude-code' ? 'hook' : 'mcp',
      kind: 'tool',
      server: options.server as ServerKey,
      tool: options.tool,
      definition: { ...described, digest: '' as Digest },
      arguments: options.arguments,
      ...evaluation.fileSystemOf(options.server),
      correlation: { requestId: 'classify' },
    },
    { workspace: evaluation.workspace },
  )
  const complete = await classifier.complete(found)
  return { ...complete, why: found.inferred ? inferTool(described).reasons : [] }
}
