import type { ServerKey } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { DefinitionFlag } from '../../core/tool-pin.ts'
import { flagName, type NamedTool } from './flag-name.ts'

/** What is wrong with a tool before anybody calls it. Pure; never throws. */
export function flagDefinition(
  { name }: { readonly name: string; readonly definition: JsonObject },
  server: ServerKey,
  others: readonly NamedTool[],
): readonly DefinitionFlag[] {
  return flagName(name, server, others)
}
