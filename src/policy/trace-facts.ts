import type { Entity, Evaluation } from './evaluation.ts'
import { CedarRecord, CedarSet, EntityUid, sameEntity, type Value } from './values.ts'
import { ExtensionValue } from './extensions/extension-value.ts'
import { quote } from './print-expression.ts'

/** What policies read, by path (`context.hour`, `resource.labels`, `principal in`), as Cedar text. */
export type FactsRead = Map<string, string>

/** The same evaluation, which notes every attribute and hierarchy that is read. */
export function tracedEvaluation(evaluation: Evaluation, read: FactsRead): Evaluation {
  const { principal, resource, entities } = evaluation
  const nameOf = (uid: EntityUid): string => {
    if (sameEntity(uid, principal)) return 'principal'
    return resource instanceof EntityUid && sameEntity(uid, resource) ? 'resource' : uid.toString()
  }
  return {
    ...evaluation,
    context: new TracedRecord('context', evaluation.context, read),
    entities: {
      find: (uid) => {
        const entity = entities.find(uid)
        return entity === undefined || uid.type === 'Action' ? entity : traced(entity, nameOf(uid), read)
      },
    },
  }
}

function traced(entity: Entity, name: string, read: FactsRead): Entity {
  return {
    uid: entity.uid,
    attributes: new TracedRecord(name, entity.attributes, read),
    ...(entity.tags === undefined ? {} : { tags: entity.tags }),
    get ancestors() {
      read.set(`${name} in`, valueText(new CedarSet(entity.ancestors)))
      return entity.ancestors
    },
  }
}

class TracedRecord extends CedarRecord {
  readonly #path: string
  readonly #read: FactsRead

  constructor(path: string, record: CedarRecord, read: FactsRead) {
    super(record.shape, record.values, record.partial)
    this.#path = path
    this.#read = read
  }

  override get(name: string): Value | undefined {
    const value = super.get(name)
    const path = `${this.#path}.${name}`
    if (value instanceof CedarRecord) return new TracedRecord(path, value, this.#read)
    this.#read.set(path, value === undefined ? 'absent' : valueText(value))
    return value
  }
}

/** A value as Cedar would write it, near enough for people. */
export function valueText(value: Value): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return String(value)
  if (value instanceof EntityUid) return `${value.type}::${quote(value.id)}`
  if (value instanceof CedarSet) return `[${value.items.map(valueText).join(', ')}]`
  if (value instanceof ExtensionValue) return extensionText(value)
  if (value instanceof CedarRecord) {
    const members = value.shape.names.flatMap((name, position) => {
      const item = value.values[position]
      return item === undefined ? [] : [`${name}: ${valueText(item)}`]
    })
    return `{${members.join(', ')}}`
  }
  return 'unknown'
}

function extensionText(value: ExtensionValue): string {
  const key = value.key()
  return value.kind === 'datetime'
    ? `datetime(${quote(new Date(Number(key)).toISOString())})`
    : `${value.kind}(${key})`
}
