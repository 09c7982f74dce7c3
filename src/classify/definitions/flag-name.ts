import type { DefinitionFlag } from '../../core/tool-pin.ts'
import { visibleText } from '../../core/visible-text.ts'
import { AGENTS } from '../catalogue/agents.ts'
import { foldText } from '../fold-name.ts'
import { type Company, skeletonOf } from './company.ts'
import { foldStyle } from './fold-style.ts'

/**
 * Names of agents' own tools that no server gives its tools by chance. Plain words in lower case (`read_file`) are
 * left out: honest servers use them too.
 */
const BUILT_IN = new Set(
  [...AGENTS.values()]
    .flatMap((entry) => [...entry.keys()])
    .filter((name) => /^[A-Z][a-z]+[A-Z]?\w*$/.test(name)),
)
const OWN = /^remit(?:$|[_\-.])/i
const AGENT_PREFIX = /^mcp__/i

/**
 * What is wrong with the name alone. The same name on two servers is not: names carry their server's key. What passes
 * for another name, or claims another server's, is.
 */
export function flagName(name: string, company: Company): readonly DefinitionFlag[] {
  const shadowed = findShadowed(name, company)
  if (shadowed !== undefined) return [flag('shadowing-name', name, shadowed)]
  const rival = findRival(name, company)
  return rival === undefined ? [] : [flag(rival.kind, name, rival.text)]
}

function flag(kind: DefinitionFlag['kind'], name: string, text: string): DefinitionFlag {
  return { kind, where: 'name', text: `\`${visibleText(name)}\` ${text}` }
}

function findShadowed(name: string, { server, otherServers }: Company): string | undefined {
  const folded = foldText(name)
  if (OWN.test(folded)) return 'is a name of Remit itself'
  if (AGENT_PREFIX.test(folded)) return 'begins as agents name the tools of servers'
  const claimed = [...otherServers].find((other) => folded.startsWith(`${foldText(other)}__`))
  if (claimed !== undefined) return `begins as a tool of server \`${claimed}\``
  if (!AGENTS.has(server) && BUILT_IN.has(name)) return 'is the name of a tool that agents have built in'
  return undefined
}

function findRival(
  name: string,
  { others }: Company,
): { readonly kind: 'look-alike-name' | 'similar-name'; readonly text: string } | undefined {
  const folded = foldText(name)
  if (folded !== name.toLowerCase() && isAscii(folded)) {
    return { kind: 'look-alike-name', text: `is written so that it passes for \`${folded}\`` }
  }
  const style = foldStyle(folded)
  const skeleton = skeletonOf(style)
  for (const other of others) {
    if (style === other.style) continue
    const passesFor = `\`${visibleText(other.name)}\` of server \`${other.server}\``
    if (skeleton === other.skeleton) return { kind: 'look-alike-name', text: `passes for ${passesFor}` }
    if (isMistyped(style, other.style)) return { kind: 'similar-name', text: `is ${passesFor} with a slip` }
  }
  return undefined
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

const LONG_ENOUGH = 7

/**
 * Two neighbouring letters swapped, or one doubled or no longer doubled: slips that make no other word. Any other
 * letter more or less often does: `list_contacts`, `list_contracts`.
 */
function isMistyped(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < LONG_ENOUGH || Math.abs(one.length - other.length) > 1)
    return false
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  if (one.length === other.length) {
    return (
      one[at] !== one[at + 1] &&
      one[at] === other[at + 1] &&
      one[at + 1] === other[at] &&
      one.slice(at + 2) === other.slice(at + 2)
    )
  }
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return long.slice(at + 1) === short.slice(at) && long[at] === long[at - 1]
}
