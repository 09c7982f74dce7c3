import { PREFIXED } from '../mcp/names.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'
import { suggestWord } from './suggest-word.ts'

/** Whatever a virtual server shows must be of a server that is configured, and its endpoint must be its own. */
export function checkVirtualServers({ servers, virtualServers }: Config): readonly ConfigProblem[] {
  const known = Object.keys(servers)
  const problems: ConfigProblem[] = []
  const mustExist = (server: string, path: readonly string[]): void => {
    if (Object.hasOwn(servers, server)) return
    const hint = suggestWord(server, known)
    const meant = hint === undefined ? '' : ` (did you mean \`${hint}\`?)`
    problems.push({ path, message: `names the server \`${server}\`, which is not configured${meant}` })
  }
  for (const [key, { tools, prompts, resources }] of Object.entries(virtualServers)) {
    const at = ['virtualServers', key]
    if (Object.hasOwn(servers, key)) problems.push({ path: at, message: 'is the key of a server already' })
    for (const [kind, selection] of Object.entries({ tools, prompts })) {
      for (const [name, { from }] of Object.entries(selection)) {
        mustExist(PREFIXED.locateName('tool', from)?.server ?? '', [...at, kind, name, 'from'])
      }
    }
    for (const [index, server] of resources.entries()) mustExist(server, [...at, 'resources', String(index)])
  }
  return problems
}
