import { rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `mcp-grafana` 0.7: dashboards, data sources, alerts and incidents. Other tools are
// inferred; a call with another argument is not fully understood.

const READS = `
  search_dashboards query limit page
  get_dashboard_by_uid uid
  get_dashboard_summary uid
  get_dashboard_panel_queries uid
  list_datasources type limit offset
  query_prometheus datasourceUid expr queryType startTime endTime stepSeconds
  list_prometheus_metric_names datasourceUid regex limit page
  list_prometheus_label_names datasourceUid matches startRfc3339 endRfc3339 limit
  list_prometheus_label_values datasourceUid labelName matches startRfc3339 endRfc3339 limit
  query_loki_logs datasourceUid logql startRfc3339 endRfc3339 limit direction queryType stepSeconds
  query_loki_stats datasourceUid logql startRfc3339 endRfc3339
  list_loki_label_names datasourceUid startRfc3339 endRfc3339
  list_loki_label_values datasourceUid labelName startRfc3339 endRfc3339
  list_incidents limit drill status
  get_incident id
  list_teams query
`
const WRITES = `
  create_incident title severity roomPrefix isDrill status attachCaption attachUrl labels
  add_activity_to_incident incidentId body eventTime
  create_folder title uid parentUid
`
/** A dashboard or a rule that is overwritten is gone, and with it what would have warned. */
const OVERWRITES = `
  update_dashboard dashboard uid operations folderUid message overwrite userId
`

export const GRAFANA: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => whole(['data.read'], plain)),
  ...rows(WRITES, (plain) => whole(['data.write'], plain)),
  ...rows(OVERWRITES, (plain) => whole(['data.write', 'data.delete'], plain)),
])
