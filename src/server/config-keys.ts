import { z } from 'zod'
import { configSchema } from './config-schema.ts'

/** The part of JSON Schema that describing a configuration needs. */
export interface SchemaNode {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
}

/** The configuration's schema as what people write, not as what it becomes. */
export function configJsonSchema(): SchemaNode {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as SchemaNode
}

/** The keys that the configuration knows at `path`; none where names are free. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  let node: SchemaNode | undefined = configJsonSchema()
  for (const step of path) {
    node = childNode(node, step)
    if (node === undefined) return []
  }
  return Object.keys(node.properties ?? {})
}

function childNode(node: SchemaNode, step: string | number): SchemaNode | undefined {
  if (typeof step === 'number') return node.items
  const own = node.properties?.[step]
  if (own !== undefined) return own
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
}
