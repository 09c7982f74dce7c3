import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DescribedTool } from '../../src/classify/inference/infer-tool.ts'

/** What a tool of that kind does: changes nothing, changes something, or may lose, spend or overrun it. */
export type ToolTruth = 'read' | 'write' | 'destroy'

export interface JudgedTool {
  readonly truth: ToolTruth
  /** Actions that inference must name among others. */
  readonly actions: readonly string[]
  readonly tool: DescribedTool
}

const FOLDER = join(import.meta.dirname, '../classify')
const LINE = /^(?<words>[a-z. ]+) \| (?<name>[^()]+)\((?<arguments>[^)]*)\) \| (?<description>.*)$/

/** @throws Error for a line that is none. */
export function readUnknownTools(file = 'unknown-tools.txt'): readonly JudgedTool[] {
  return readFileSync(join(FOLDER, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const { words = '', name = '', arguments: list = '', description = '' } = LINE.exec(line)?.groups ?? {}
      if (name === '') throw new Error(`not a tool: ${line}`)
      const [truth, ...actions] = words.split(' ')
      const properties = Object.fromEntries(
        list
          .split(' ')
          .filter((each) => each !== '')
          .map(property),
      )
      const tool = { name, description, inputSchema: { type: 'object', properties } }
      return { truth: truth as ToolTruth, actions, tool }
    })
}

function property(text: string): [string, { type: string; enum?: string[] }] {
  const [name = '', choices] = text.split('=')
  return [name, { type: 'string', ...(choices === undefined ? {} : { enum: choices.split('/') }) }]
}
