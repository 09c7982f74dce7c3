const MAX_TEXT = 4_000
const MAX_SENTENCES = 40
/** `START HERE for X: …`: a heading in capitals before what is said. */
const HEADING = /^[A-Z]{3,}(?: [A-Z]{2,})+[^:.]{0,60}:\s*/
/** A line after which bullets say when, or with which example. */
const OCCASIONS = /\b(?:when|if|examples?|e\.g\.?|such as|instead|not)\b.*:\s*$/i
const ARGUMENTS = /^\s*(?:args|arguments|parameters|params|inputs?|it takes\b.*\barguments?)\s*:\s*$/i
const ARGUMENT = /^\s*[-*\d.]*\s*[`'"]?[\w.[\]]+[`'"]?\s*(?:\([^)]*\))?\s*[:–-]/
const TYPED =
  /^\s*[-*]\s*[`'"]?[\w.]+[`'"]?\s*\((?:str|string|int|integer|number|bool|boolean|list|array|object|dict|float|optional|required)\b/i
const BULLET = /^\s*(?:[-*•]|\d+[.)])\s+/

/**
 * The sentences of a description that say what the tool does, in lower case: without the lists of its arguments and of
 * occasions to use it, and without the names of other tools.
 */
export function plainSentences(description: string): readonly string[] {
  const kept: string[] = []
  let within: 'arguments' | 'occasions' | undefined
  for (const line of description.slice(0, MAX_TEXT).split('\n')) {
    if (ARGUMENTS.test(line)) within = 'arguments'
    else if (OCCASIONS.test(line)) within = 'occasions'
    else if (within === 'arguments' && !ARGUMENT.test(line)) within = undefined
    else if (within === 'occasions' && !BULLET.test(line)) within = undefined
    if (within === undefined && !TYPED.test(line)) kept.push(line.replace(BULLET, ''))
  }
  return (
    kept
      .join('\n')
      // A line that goes on in small letters is the same sentence.
      .replace(/([a-z,])\n\s*(?=[a-z])/g, '$1 ')
      .split(/[.!?;]+(?=\s|$)|\n+/)
      .map((sentence) => plain(sentence.trim()))
      .filter((sentence) => sentence !== '')
      .slice(0, MAX_SENTENCES)
  )
}

function plain(sentence: string): string {
  return sentence
    .replace(HEADING, '')
    .replace(/[’]/g, "'")
    .toLowerCase()
    .replace(/[`'"]?\b[a-z]{2,}(?:[_.][a-z0-9]+)+\b(?:\(\))?[`'"]?/g, 'it')
}
