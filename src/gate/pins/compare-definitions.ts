import { lineDiff } from '../../approvals/line-diff.ts'
import { visibleText } from '../../core/visible-text.ts'
import { below } from '../../classify/definitions/texts-of-definition.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** One difference between two definitions of a tool, in text that hides nothing. */
export interface DefinitionChange {
  readonly what: 'added' | 'removed' | 'changed'
  /** JSON pointer without its leading slash. */
  readonly where: string
  /** Lines of a diff: each begins with `+`, `-` or a space; `@@` begins another part. */
  readonly lines: readonly string[]
}

/** From the definition that counts to another, by member; from nothing, everything is added. */
export function compareDefinitions(
  before: JsonObject | undefined,
  after: JsonObject,
): readonly DefinitionChange[] {
  return compare(before ?? {}, after, '')
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  where: string,
): readonly DefinitionChange[] {
  if (before === undefined) {
    return after === undefined
      ? []
      : [{ what: 'added', where, lines: textLines(after).map((line) => `+${line}`) }]
  }
  if (after === undefined) {
    return [{ what: 'removed', where, lines: textLines(before).map((line) => `-${line}`) }]
  }
  if (canonicalJson(before) === canonicalJson(after)) return []
  if (isJsonObject(before) && isJsonObject(after)) {
    const members = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return members.flatMap((member) =>
      compare(before[member], after[member], below(where, visibleText(member))),
    )
  }
  const lines = lineDiff(linesForDiff(before), linesForDiff(after))
  return [{ what: 'changed', where, lines }]
}

function linesForDiff(value: Json): string {
  return `${textLines(value).join('\n')}\n`
}

/** A text by its sentences, since a description is often one long line; anything else as indented JSON. */
function textLines(value: Json): readonly string[] {
  const lines =
    typeof value === 'string'
      ? value.split('\n').flatMap((line) => line.split(/(?<=[.!?;:])\s+/))
      : JSON.stringify(value, undefined, 2).split('\n')
  return lines.map(visibleText)
}
