/** Entity types that policies know. `policies/remit.cedarschema` declares the same words. */
export const RESOURCE_TYPES = [
  'File',
  'Directory',
  'Repository',
  'Branch',
  'PullRequest',
  'Host',
  'Domain',
  'Url',
  'Program',
  'Process',
  'Package',
  'Registry',
  'Database',
  'Table',
  'Cluster',
  'Namespace',
  'InfraObject',
  'Secret',
  'Account',
  'Recipient',
  'Record',
  'Collection',
  'Server',
  'Tool',
  'Prompt',
  'McpResource',
  'Approval',
  'Gateway',
] as const
export type ResourceType = (typeof RESOURCE_TYPES)[number]

export interface EntityRef {
  readonly type: string
  readonly id: string
}

/** A canonical target. `ancestors` is its whole hierarchy, nearest first; policies test it with `in`. */
export interface Resource {
  readonly type: ResourceType
  readonly id: string
  readonly ancestors: readonly EntityRef[]
}

/** Cedar's way to write an entity: `File::"src/a.ts"`. */
export function entityText(ref: EntityRef): string {
  return `${ref.type}::${JSON.stringify(ref.id)}`
}
