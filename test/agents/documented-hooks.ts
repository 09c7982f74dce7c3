import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/running-gateway.ts'

/** The configuration of hooks over MCP as docs/hooks.md has it for an agent: what is documented is what is tried. */
export function documentedHooks(agent: string): object {
  const page = readFileSync(join(ROOT, 'docs', 'hooks.md'), 'utf8')
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  const block = blocks.find((each) => each.includes('"mcp_tool"') && each.includes(`"agent": "${agent}"`))
  if (block === undefined) throw new Error(`docs/hooks.md has no hooks over MCP for ${agent}`)
  return JSON.parse(block) as object
}
