import type { ServerKey } from '../../core/ids.ts'
import { foldText } from '../fold-name.ts'
import { foldStyle } from './fold-style.ts'

export interface NamedTool {
  readonly server: ServerKey
  readonly name: string
}

/** Where the tools of one server stand among others; made once for all that it lists. */
export interface Company {
  readonly server: ServerKey
  /** Names of everything that the server itself lists, folded. */
  readonly own: ReadonlySet<string>
  readonly others: readonly KnownName[]
  readonly otherServers: ReadonlySet<ServerKey>
}

interface KnownName extends NamedTool {
  readonly style: string
  readonly skeleton: string
}

/** @param others trusted tools of other servers. */
export function companyOf(
  server: ServerKey,
  others: readonly NamedTool[],
  siblings: readonly string[],
): Company {
  return {
    server,
    own: new Set(siblings.map(foldStyle)),
    others: others.map((other) => {
      const style = foldStyle(foldText(other.name))
      return { ...other, style, skeleton: skeletonOf(style) }
    }),
    otherServers: new Set(others.map((other) => other.server)),
  }
}

/** What is left of a folded name when signs that look alike count as one. */
export function skeletonOf(style: string): string {
  return style.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('0', 'o').replaceAll(/[1i|]/g, 'l')
}

/** Names that a reader takes for an earlier one, each with that one. */
export function lookAlikes(names: readonly string[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  const found = new Map<string, string>()
  for (const name of names) {
    const skeleton = skeletonOf(foldStyle(foldText(name)))
    const twin = first.get(skeleton)
    if (twin === undefined) first.set(skeleton, name)
    else found.set(name, twin)
  }
  return found
}
