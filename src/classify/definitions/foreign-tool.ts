import { isJsonObject, type Json } from '../../core/json.ts'
import { excerpt } from './excerpt.ts'
import { foldStyle } from './fold-style.ts'

export interface Surroundings {
  /** Every tool that its server has, and the tool itself, folded. */
  readonly own: ReadonlySet<string>
  readonly self: string
  /** Names that its schema gives to parameters and choices. */
  readonly words: ReadonlySet<string>
}

const QUOTED = String.raw`[\x60"'“‘]([A-Za-z][\w.-]{2,})(?:\(\))?[\x60"'”’]`
const SNAKE = String.raw`([a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+)`
const NAME = String.raw`(?:${QUOTED}|${SNAKE}\b)`

/** Orders to use a tool, and news about one. */
const MENTIONS: readonly RegExp[] = [
  String.raw`\b(?:call|calls|calling|invoke|invoking|trigger)\b(?: (?:the|tool|function|to))*\s*${NAME}`,
  String.raw`\b(?:run|execute|use|redirect to|switch to|go through|query|prefer)\b(?: (?:the|new|secure|tool|function|following))*\s*${NAME}(?=[^.!?\n]{0,40}\b(?:tool|instead|first|before|after|as an? (?:alternative|replacement))\b)`,
  String.raw`\b[Tt]he ${NAME} (?:tool|function)\b(?=[^.!?\n]{0,30}\b(?:has|have|is|was|now|will|must|should|requires?)\b)`,
  String.raw`\brequires? ${NAME} (?:to|being)\b`,
].map((source) => new RegExp(source, 'gu'))

/**
 * A tool that a text tells the model to use, or tells news about, and that its server does not have: an honest
 * server has no business with what others offer. @returns what to show of it.
 */
export function findForeignTool(text: string, { own, self, words }: Surroundings): string | undefined {
  for (const pattern of MENTIONS) {
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? match[2] ?? ''
      const style = foldStyle(name)
      if (style === self || own.has(style) || words.has(name)) continue
      return excerpt(text, match.index, match.index + match[0].length)
    }
  }
  return undefined
}

/** Every name and choice in a schema: what a text may speak of without meaning a tool. */
export function wordsOfSchema(schema: Json | undefined, words = new Set<string>()): ReadonlySet<string> {
  if (typeof schema === 'string') words.add(schema)
  else if (Array.isArray(schema)) for (const item of schema as readonly Json[]) wordsOfSchema(item, words)
  else if (isJsonObject(schema)) {
    for (const [member, value] of Object.entries(schema)) {
      words.add(member)
      wordsOfSchema(value, words)
    }
  }
  return words
}
