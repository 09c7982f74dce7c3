import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Source files of the schema (ocsf/ocsf-schema), where they are at hand. */
const FOLDER = join(
  process.env['REMIT_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'),
  'ocsf',
)

interface Attribute {
  readonly requirement?: string
  readonly profile?: string | null
  readonly type?: string
  readonly is_array?: boolean
  readonly enum?: Readonly<Record<string, unknown>>
  readonly '@deprecated'?: unknown
}
interface Definition {
  readonly name?: string
  readonly uid?: number
  readonly category?: string
  readonly extends?: string
  readonly attributes?: Readonly<Record<string, Attribute>> & { readonly $include?: readonly string[] }
  readonly constraints?: Readonly<Record<string, readonly string[]>>
  readonly profiles?: readonly string[]
}
interface Compiled {
  readonly attributes: Map<string, Attribute>
  readonly constraints: Readonly<Record<string, readonly string[]>>
  readonly profiles: ReadonlySet<string>
}
type Members = Readonly<Record<string, unknown>>

/** Compiles classes and objects with all that they extend and include, and says what an event does against them. */
export class OcsfSchema {
  static readonly there = existsSync(FOLDER)
  readonly version: string
  readonly #dictionary: Readonly<Record<string, Attribute>>
  readonly #types: Readonly<Record<string, { type?: string; regex?: string }>>
  readonly #events = new Map<string, Definition>()
  readonly #objects = new Map<string, Definition>()
  readonly #categories: Readonly<Record<string, { uid: number }>>

  constructor() {
    this.version = (read('version.json') as { version: string }).version
    const dictionary = read('dictionary.json') as {
      attributes: Record<string, Attribute>
      types: { attributes: Record<string, { type?: string; regex?: string }> }
    }
    this.#dictionary = dictionary.attributes
    this.#types = dictionary.types.attributes
    this.#categories = (read('categories.json') as { attributes: Record<string, { uid: number }> }).attributes
    for (const [folder, into] of [
      ['events', this.#events],
      ['objects', this.#objects],
    ] as const) {
      for (const file of readdirSync(join(FOLDER, folder), { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.json')) continue
        const found = read(join(folder, file)) as Definition
        into.set(found.name ?? basename(file, '.json'), found)
      }
    }
  }

  /** Every fault of an event; none = it is valid. */
  faults(event: Members): readonly string[] {
    const metadata = event['metadata'] as Members
    const profiles = new Set(metadata['profiles'] as readonly string[])
    const found = [...this.#events].find(([name]) => this.#uidOf(name) === event['class_uid'])
    if (found === undefined) return [`no class ${String(event['class_uid'])}`]
    const compiled = this.#compile(this.#events, found[0])
    const faults = [...profiles].flatMap((profile) =>
      compiled.profiles.has(profile) ? [] : [`profile ${profile} is not for this class`],
    )
    if (event['type_uid'] !== Number(event['class_uid']) * 100 + Number(event['activity_id']))
      faults.push('type_uid')
    if (event['category_uid'] !== Math.trunc(Number(event['class_uid']) / 1000)) faults.push('category_uid')
    return [...faults, ...this.#check(event, compiled, { path: '', profiles })]
  }

  #uidOf(name: string): number {
    const { uid = 0 } = this.#events.get(name) ?? {}
    for (let at: string | undefined = name; at !== undefined; at = this.#events.get(at)?.extends) {
      const category = this.#events.get(at)?.category
      const known = category === undefined ? undefined : this.#categories[category]
      if (known !== undefined) return this.#events.get(name)?.uid === undefined ? -1 : known.uid * 1000 + uid
    }
    return name === 'base_event' ? 0 : -1
  }

  #compile(from: ReadonlyMap<string, Definition>, name: string): Compiled {
    const chain: Definition[] = []
    for (let at: string | undefined = name; at !== undefined;) {
      const definition: Definition | undefined = from.get(at)
      if (definition === undefined) throw new Error(`OCSF: no ${at}`)
      chain.unshift(definition)
      at = definition.extends
    }
    const attributes = new Map<string, Attribute>()
    const add = (key: string, attribute: Attribute): void => {
      const known = attributes.get(key)
      const merged = { ...this.#dictionary[key], ...known, ...attribute }
      attributes.set(key, {
        ...merged,
        enum: { ...this.#dictionary[key]?.enum, ...known?.enum, ...attribute.enum },
      })
    }
    for (const { attributes: own = {} } of chain) {
      for (const file of own.$include ?? []) {
        const profile = read(file) as Definition
        for (const [key, attribute] of Object.entries(
          (profile.attributes ?? {}) as Readonly<Record<string, Attribute>>,
        )) {
          add(key, { profile: profile.name ?? basename(file, '.json'), ...attribute })
        }
      }
      for (const [key, attribute] of Object.entries(own))
        if (key !== '$include') add(key, attribute as Attribute)
    }
    return {
      attributes,
      constraints: Object.assign(
        {},
        ...chain.map(({ constraints }) => constraints ?? {}),
      ) as Compiled['constraints'],
      profiles: new Set(chain.flatMap(({ profiles = [] }) => profiles)),
    }
  }

  #check(
    members: Members,
    compiled: Compiled,
    at: { path: string; profiles: ReadonlySet<string> },
  ): string[] {
    const { attributes, constraints } = compiled
    const faults: string[] = []
    for (const [key, attribute] of attributes) {
      const inForce =
        attribute.profile === undefined || attribute.profile === null || at.profiles.has(attribute.profile)
      if (attribute.requirement === 'required' && inForce && members[key] === undefined)
        faults.push(`${at.path}${key} is required`)
    }
    for (const [key, value] of Object.entries(members)) {
      const attribute = attributes.get(key)
      const path = `${at.path}${key}`
      if (attribute === undefined) {
        faults.push(`${path} is unknown`)
        continue
      }
      if (
        attribute.profile !== undefined &&
        attribute.profile !== null &&
        !at.profiles.has(attribute.profile)
      ) {
        faults.push(`${path} is of profile ${attribute.profile}`)
      }
      if (attribute['@deprecated'] !== undefined) faults.push(`${path} is deprecated`)
      const many = attribute.is_array === true
      if (many !== Array.isArray(value)) faults.push(`${path} ${many ? 'must' : 'must not'} be an array`)
      for (const each of Array.isArray(value) ? value : [value])
        faults.push(...this.#value(each, attribute, { ...at, path }))
    }
    const oneOf = constraints['at_least_one']
    if (oneOf !== undefined && !oneOf.some((key) => members[key] !== undefined)) {
      faults.push(`${at.path}: at least one of ${oneOf.join(', ')}`)
    }
    return faults
  }

  #value(
    value: unknown,
    attribute: Attribute,
    at: { path: string; profiles: ReadonlySet<string> },
  ): string[] {
    const { type = '' } = attribute
    if (type === 'object' || type === 'json_t') return []
    if (!(type in this.#types)) {
      if (typeof value !== 'object' || value === null) return [`${at.path} must be ${type}`]
      return this.#check(value as Members, this.#compile(this.#objects, type), { ...at, path: `${at.path}.` })
    }
    const { type: base = type, regex } = this.#types[type] ?? {}
    const fits =
      base === 'boolean_t'
        ? typeof value === 'boolean'
        : base === 'integer_t' || base === 'long_t'
          ? Number.isSafeInteger(value)
          : base === 'float_t'
            ? typeof value === 'number'
            : typeof value === 'string'
    if (!fits) return [`${at.path} must be ${type}`]
    // Their words are those of the class, and are compared with its own above.
    const ofClass = at.path === 'class_uid' || at.path === 'category_uid'
    const words = ofClass ? [] : Object.keys(attribute.enum ?? {})
    if (words.length > 0 && !words.includes(String(value))) return [`${at.path} may not be ${String(value)}`]
    if (regex !== undefined && !new RegExp(regex).test(String(value)))
      return [`${at.path} must match ${regex}`]
    return []
  }
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
}
