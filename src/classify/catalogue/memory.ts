import type { CatalogueEntry, ToolEntry } from './entry.ts'

/** `@modelcontextprotocol/server-memory` 2026.8.31: a graph of named entities in one file of the server’s own. */
export const MEMORY: CatalogueEntry = new Map<string, ToolEntry>([
  ['create_entities', { effects: [names('entities', ['name'], 'data.write')] }],
  ['create_relations', { effects: [names('relations', ['from', 'to'], 'data.write')] }],
  ['add_observations', { effects: [names('observations', ['entityName'], 'data.write')] }],
  ['delete_entities', { effects: [{ argument: 'entityNames', kind: 'record', actions: ['data.delete'] }] }],
  ['delete_observations', { effects: [names('deletions', ['entityName'], 'data.delete')] }],
  ['delete_relations', { effects: [names('relations', ['from', 'to'], 'data.delete')] }],
  ['read_graph', { effects: [{ kind: 'record', actions: ['data.read'] }] }],
  ['search_nodes', { effects: [{ kind: 'record', actions: ['data.read'] }], plain: ['query'] }],
  ['open_nodes', { effects: [{ argument: 'names', kind: 'record', actions: ['data.read'] }] }],
])

function names(
  argument: string,
  members: readonly string[],
  action: 'data.write' | 'data.delete',
): ToolEntry['effects'][number] {
  return { argument, members, kind: 'record', actions: [action] }
}
