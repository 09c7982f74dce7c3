import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

/**
 * `@modelcontextprotocol/server-postgres` 0.6.2 (`query`) and `postgres-mcp` 0.3.0. Neither is believed to be read-only:
 * what the statement says is what counts.
 */
export const POSTGRES: CatalogueEntry = new Map<string, ToolEntry>([
  ['query', tool([to('sql', 'sql', ['sql.execute'])])],
  ['execute_sql', tool([to('sql', 'sql', ['sql.execute'])])],
  ['explain_query', tool([to('sql', 'sql', ['sql.execute'])], 'analyze hypothetical_indexes')],
  ...rows(
    `list_schemas
     list_objects schema_name object_type
     get_object_details schema_name object_name object_type
     analyze_db_health health_type
     get_top_queries sort_by limit
     analyze_workload_indexes max_index_size_mb method`,
    (plain) => whole(['data.read'], plain),
  ),
])
