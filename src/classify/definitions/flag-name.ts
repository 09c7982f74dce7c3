import type { ServerKey } from '../../core/ids.ts'
import type { DefinitionFlag } from '../../core/tool-pin.ts'

export interface NamedTool {
  readonly server: ServerKey
  readonly name: string
}

export function flagName(
  _name: string,
  _server: ServerKey,
  _others: readonly NamedTool[],
): readonly DefinitionFlag[] {
  return []
}
