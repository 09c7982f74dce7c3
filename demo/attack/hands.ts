import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Step } from '../../test/agents/model/script.ts'
import type { Order } from './order.ts'

/** The tools that an agent has of its own; the drivers of real agents are of this shape. */
export interface OwnTools {
  shell(command: string): Step
  edit?(path: string, content: string): Step
  read?(path: string): Step
}

/** How one agent does what it is told in one workspace. */
export type Hands = (order: Order) => readonly Step[]

/** @returns for each order the agent's own tools, and those of the gateway where it has none. */
export function handsOf(tools: OwnTools, workspace: string): Hands {
  const read = (path: string): Step => tools.read?.(resolve(workspace, path)) ?? tools.shell(`cat ${path}`)
  return (order) => {
    switch (order.do) {
      case 'run':
        return [tools.shell(order.command)]
      case 'read':
        return [read(order.path)]
      case 'write': {
        const path = resolve(workspace, order.path)
        const write = tools.edit?.(path, order.content)
        if (write === undefined)
          return [{ tool: 'filesystem__write_file', args: { path, content: order.content } }]
        // Editors want to have seen what they write over.
        return existsSync(path) ? [read(order.path), write] : [write]
      }
      case 'call':
        return [{ tool: order.tool, args: order.arguments }]
    }
  }
}
