import type { JsonObject } from '../../core/json.ts'
import type { DefinitionFlag } from '../../core/tool-pin.ts'
import { findEncodedText } from './encoded-text.ts'
import type { Company } from './company.ts'
import { foldStyle } from './fold-style.ts'
import { findForeignTool, type Surroundings, wordsOfSchema } from './foreign-tool.ts'
import { findSelfPraise } from './self-praise.ts'
import { flagName } from './flag-name.ts'
import { findHiddenText } from './hidden-text.ts'
import { findInstruction } from './instruction-text.ts'
import { findSecretParameters } from './secret-parameter.ts'
import { textsOfDefinition } from './texts-of-definition.ts'

/** Characters of JSON that a reviewer can be expected to read. */
const MOST_CHARACTERS = 100_000

const LONG_NAME = 24

/**
 * What is wrong with a tool before anybody calls it: reasons to look, not proof, and their absence proves nothing.
 * Pure; never throws.
 */
export function flagDefinition(
  { name, definition }: { readonly name: string; readonly definition: JsonObject },
  company: Company,
): readonly DefinitionFlag[] {
  const named = flagName(name, company)
  const size = JSON.stringify(definition).length
  if (size > MOST_CHARACTERS) return [...named, { kind: 'oversized', where: '', text: `${size} characters` }]
  const { description } = definition
  const praise = findSelfPraise(name, typeof description === 'string' ? description : '')
  const around = {
    own: company.own,
    self: foldStyle(name),
    words: wordsOfSchema([definition['inputSchema'] ?? null, definition['outputSchema'] ?? null]),
  }
  return [
    ...named,
    ...flagTexts(definition, around),
    ...(praise === undefined
      ? []
      : [{ kind: 'instruction-like' as const, where: 'description', text: praise }]),
    ...findSecretParameters(definition).map((found) => ({ kind: 'secret-asking' as const, ...found })),
  ]
}

/** The same for texts alone. @param around absent = whose tools it may speak of is not known. */
export function flagTexts(definition: JsonObject, around?: Surroundings): readonly DefinitionFlag[] {
  return textsOfDefinition(definition).flatMap(({ where, text, isName }) => {
    const hidden = findHiddenText(text) ?? (isName ? undefined : findEncodedText(text))
    // A name has no sentences, but nothing keeps a sentence from being a name.
    const isWord = /^[!-~]*$/.test(text) || (isName && text.length < LONG_NAME)
    const order = isWord ? undefined : (findInstruction(text) ?? (around && findForeignTool(text, around)))
    return [
      ...(hidden === undefined ? [] : [{ kind: 'hidden-text' as const, where, text: hidden }]),
      ...(order === undefined ? [] : [{ kind: 'instruction-like' as const, where, text: order }]),
    ]
  })
}
