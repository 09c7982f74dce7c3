import { isNode, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import type { Json, JsonObject } from '../core/json.ts'
import { closestWord } from '../core/closest-word.ts'
import { annotationsOf, optionalMember, type Est } from './est.ts'
import { parseEntityText } from './entity-text.ts'
import type { ParsedPolicy, PolicySource } from './parse-job.ts'
import type { Problem } from './problem.ts'
import { positionAt } from './split-policies.ts'

const SLOTS = ['?principal', '?resource'] as const
type Slot = (typeof SLOTS)[number]

const linksSchema = z.array(
  z.strictObject({
    newId: z.string(),
    template: z.string(),
    /** `?principal` and `?resource`, each `Type::"id"`. */
    values: z.strictObject({ '?principal': z.string().optional(), '?resource': z.string().optional() }),
  }),
)
type Link = z.infer<typeof linksSchema>[number]

/**
 * The policies that a links file makes of templates: each a template with its slots filled and an id of its own.
 * https://docs.cedarpolicy.com/policies/templates.html
 */
export function linkTemplates(
  source: PolicySource,
  templates: readonly ParsedPolicy[],
  problems: Problem[],
): readonly ParsedPolicy[] {
  const document = parseDocument(source.text, { uniqueKeys: true })
  const place = (path: readonly PropertyKey[]) => ({ file: source.file, ...placeOf(source, document, path) })
  const [syntax] = document.errors
  if (syntax !== undefined) {
    const at = positionAt(source.text, syntax.pos[0])
    const [message = ''] = syntax.message.split('\n')
    problems.push({ file: source.file, ...at, message: message.replace(/ at line .*$/, '') })
    return []
  }
  const links = linksSchema.safeParse(document.toJS())
  if (!links.success) {
    for (const { path, message } of links.error.issues) problems.push({ ...place(path), message })
    return []
  }
  const byId = new Map(templates.map((template) => [template.id, template]))
  return links.data.flatMap((link, index) => {
    const report = (problem: LinkProblem, ...path: readonly string[]): undefined => {
      problems.push({ ...place([index, ...path]), ...problem })
    }
    const template = byId.get(link.template)
    if (template === undefined) {
      report(unknownTemplate(link.template, [...byId.keys()]), 'template')
      return []
    }
    const est = fill(template.est, link, report)
    return est === undefined ? [] : [{ id: link.newId, ...place([index]), est, linkOf: link.template }]
  })
}

type LinkProblem = Pick<Problem, 'message' | 'help'>

function unknownTemplate(name: string, known: readonly string[]): LinkProblem {
  const meant = closestWord(name, known)
  const none = known.length === 0 ? 'this folder has no template' : `templates are ${known.join(', ')}`
  const help = meant === undefined ? none : `did you mean \`${meant}\`?`
  return { message: `no template has the id \`${name}\``, help }
}

/** Undefined and a report for a slot without a value, a value without a slot, or one that is no entity. */
function fill(
  template: Est,
  link: Link,
  report: (problem: LinkProblem, ...path: readonly string[]) => undefined,
): Est | undefined {
  const filled: { -readonly [name in Slot]?: JsonObject } = {}
  let sound = true
  for (const slot of SLOTS) {
    const text = link.values[slot]
    const wanted = slotsOf(template).includes(slot)
    const entity = text === undefined ? undefined : parseEntityText(text)
    if (wanted && entity !== undefined) filled[slot] = { type: entity.type, id: entity.id }
    else if (wanted || text !== undefined) {
      sound = false
      const message = slotProblem(slot, text, wanted)
      report(message, 'values', ...(text === undefined ? [] : [slot]))
    }
  }
  if (!sound) return undefined
  const annotations = Object.fromEntries([...annotationsOf(template), ['id', link.newId]])
  return {
    ...template,
    annotations,
    principal: fillScope(template['principal'], filled),
    resource: fillScope(template['resource'], filled),
  }
}

function slotProblem(slot: Slot, text: string | undefined, wanted: boolean): LinkProblem {
  if (!wanted) return { message: `the template has no slot \`${slot}\``, help: 'leave the value out' }
  if (text === undefined) return { message: `slot \`${slot}\` has no value`, help: 'write `Type::"id"`' }
  return { message: `\`${text}\` is no entity`, help: 'write `Type::"id"`' }
}

/** Slots stand in the scopes of principal and resource and nowhere else. */
export function slotsOf(est: Est): readonly Slot[] {
  const scopes = JSON.stringify([est['principal'], est['resource']])
  return SLOTS.filter((slot) => scopes.includes(`"slot":"${slot}"`))
}

function fillScope(scope: Json | undefined, filled: { readonly [name: string]: JsonObject }): Json {
  const { slot, ...rest } = scope as JsonObject & { readonly slot?: string }
  const entity = slot === undefined ? undefined : filled[slot]
  if (entity !== undefined) return { ...rest, entity }
  const inside = optionalMember(rest, 'in')
  return inside === undefined ? rest : { ...rest, in: fillScope(inside, filled) }
}

/** Where a member stands: the nearest node that exists on the way to it. */
function placeOf(
  source: PolicySource,
  document: Document,
  path: readonly PropertyKey[],
): ReturnType<typeof positionAt> {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range !== null && node.range !== undefined) {
      return positionAt(source.text, node.range[0])
    }
  }
  return { line: 1, column: 1 }
}
