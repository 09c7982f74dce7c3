import type { JsonObject } from '../../src/core/json.ts'
import { randomPolicy, randomUid, TYPES, type Tape } from './random-cedar.ts'

export interface RandomLink {
  readonly templateId: string
  readonly newId: string
  readonly values: { readonly [slot: string]: { readonly type: string; readonly id: string } }
}

export interface RandomTemplates {
  readonly templates: { readonly [id: string]: JsonObject }
  readonly links: readonly RandomLink[]
}

/** Up to two templates and up to four links of them. */
export function randomTemplates(tape: Tape): RandomTemplates {
  const made = tape.listOf(2, () => randomTemplate(tape)).map((each, index) => [`t${index}`, each] as const)
  const links =
    made.length === 0
      ? []
      : tape.listOf(4, () => {
          const [templateId, template] = tape.of(made)
          return { templateId, values: randomValues(tape, template) }
        })
  return {
    templates: Object.fromEntries(made),
    links: links.map((link, index) => ({ ...link, newId: `l${index}` })),
  }
}

/** A policy with a slot in at least one scope. */
function randomTemplate(tape: Tape): JsonObject {
  const policy = randomPolicy(tape)
  const slot = (name: 'principal' | 'resource'): JsonObject =>
    tape.of([
      { op: 'in', slot: `?${name}` },
      { op: '==', slot: `?${name}` },
      { op: 'is', entity_type: tape.of(TYPES), in: { slot: `?${name}` } },
    ])
  const which = tape.below(3)
  return {
    ...policy,
    ...(which === 1 ? {} : { principal: slot('principal') }),
    ...(which === 0 ? {} : { resource: slot('resource') }),
  }
}

function randomValues(tape: Tape, template: JsonObject): RandomLink['values'] {
  const slots = ['principal', 'resource'].filter((name) => JSON.stringify(template[name]).includes('slot'))
  return Object.fromEntries(slots.map((name) => [`?${name}`, randomUid(tape)]))
}
