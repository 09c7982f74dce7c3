import type { Json, JsonObject } from '../../core/json.ts'

/** One text of a definition that a model may read. */
export interface DefinitionText {
  /** JSON pointer without its leading slash. */
  readonly where: string
  readonly text: string
  /** True = the name of a member or a tool rather than something that was written to be read. */
  readonly isName: boolean
}

/** Every text in it, names of members too: a model reads all of a definition, whatever the schema means by it. */
export function textsOfDefinition(definition: JsonObject): readonly DefinitionText[] {
  const texts: DefinitionText[] = []
  collect(definition, '', texts)
  return texts
}

function collect(value: Json, where: string, texts: DefinitionText[]): void {
  if (typeof value === 'string') {
    texts.push({ where, text: value, isName: where === 'name' })
  } else if (Array.isArray(value)) {
    value.forEach((item: Json, at) => collect(item, below(where, String(at)), texts))
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, inner] of Object.entries(value)) {
      const here = below(where, member)
      if (where !== '') texts.push({ where: here, text: member, isName: true })
      collect(inner, here, texts)
    }
  }
}

export function below(where: string, member: string): string {
  const step = member.replaceAll('~', '~0').replaceAll('/', '~1')
  return where === '' ? step : `${where}/${step}`
}
