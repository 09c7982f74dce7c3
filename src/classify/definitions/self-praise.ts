import { excerpt } from './excerpt.ts'

/** What advertising says and a description does not: it is there to be chosen, not to be understood. */
const CLAIMS =
  /\b(?:(?:world[’']?s|the (?:absolute|very|single)?) ?best\b|ultimate\b|(?:premium|advanced|professional|enhanced|improved|superior|official) (?:version|edition|alternative)\b|most (?:\w+ and )?(?:advanced|accurate|reliable|comprehensive|sophisticated|powerful|trusted|efficient|complete)\b[^.!?\n]{0,40}\b(?:available|ever|in the (?:market|world|industry))\b|most (?:\w+, )?(?:\w+ and )?(?:advanced|accurate|reliable|comprehensive|trusted|sophisticated)\b|award[- ]winning|industry[- ](?:leading|standard)|trusted by|used by (?:\d+ ?%|over|millions|fortune|top|leading|professionals|experts|institution)|recommended by|unmatched|unrivall?ed|unparalleled|superior (?:performance|quality|accuracy|data|search|functionality|\w+ (?:capabilities|accuracy|quality|performance))|pinnacle|cutting[- ]edge|enterprise[- ]grade|highest (?:quality|accuracy)|(?:99(?:\.\d+)?|100) ?% (?:accura|reliab|uptime|success)\w*|(?:better|more accurate|faster|more reliable)[^.!?\n]{0,40}\b(?:than|compared to) (?:all |any |the )?(?:other|others|standard|original|alternative)|guaranteed?)\b/gi

/** A name that says it is better than its like. */
const PROUD_NAME = /(?:^|[_.-])(?:best|ultimate|superior|premium)(?:[_.-]|$)/i

const ENOUGH = 2

/** A tool that recommends itself. @returns what to show of it. */
export function findSelfPraise(name: string, description: string): string | undefined {
  const claims = [...description.matchAll(CLAIMS)]
  const distinct = new Set(claims.map(([claim]) => claim.toLowerCase()))
  const proud = PROUD_NAME.test(name)
  if (proud && /best|ultimate|superior/i.test(name))
    return `a tool that calls itself ${excerpt(name, 0, name.length)}`
  const [first] = claims
  if (first === undefined || distinct.size + (proud ? 1 : 0) < ENOUGH) return undefined
  return excerpt(description, first.index, first.index + first[0].length)
}
