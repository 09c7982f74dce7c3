import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `mcp-grafana` 1.1 at c6e492b (21 August 2026), all toolsets but those that manage rules and evaluations. Other tools are inferred; a call with another argument is not fully understood.

const READS = `
  list_teams query
  list_users_by_org
  list_all_roles delegatableOnly
  get_role_details roleUID
  get_role_assignments roleUID
  list_user_roles userIds
  list_team_roles teamIds
  get_resource_permissions resource resourceId
  get_resource_description resourceType
  agento11y_manage_conversations operation conversation_id filters start_time end_time limit cursor
  agento11y_manage_generations operation generation_id limit cursor
  agento11y_manage_agents operation agent_name version name_prefix start_time end_time limit cursor
  alerting_manage_routing operation datasource_uid name contact_point_title time_interval_name limit
  get_annotations from to limit alertUid dashboardUid panelId userId type tags matchAny
  get_annotation_tags tag limit
  get_assertions startTime endTime entityType entityName env site namespace
  list_athena_catalogs datasourceUid region
  list_athena_databases datasourceUid region catalog
  list_athena_tables datasourceUid region catalog database
  describe_athena_table datasourceUid table region catalog database
  list_clickhouse_tables datasourceUid database
  describe_clickhouse_table datasourceUid table database
  query_cloudwatch datasourceUid namespace metricName dimensions statistic period start end region accountId
  list_cloudwatch_namespaces datasourceUid region accountId
  list_cloudwatch_metrics datasourceUid namespace region accountId
  list_cloudwatch_dimensions datasourceUid namespace metricName region accountId
  suggest_loki_alloy_label_config
  get_dashboard_by_uid uid
  get_dashboard_panel_queries uid panelId variables
  get_dashboard_property uid jsonPath
  get_dashboard_summary uid
  list_datasources type name limit offset
  get_datasource uid name
  check_datasources_health type uids offset
  query_elasticsearch datasourceUid index query startTime endTime limit
  get_query_examples
  query_graphite datasourceUid target from until maxDataPoints
  list_graphite_metrics datasourceUid query
  list_graphite_tags datasourceUid prefix
  list_incidents limit drill status
  get_incident id
  list_loki_label_names datasourceUid startRfc3339 endRfc3339
  list_loki_label_values datasourceUid labelName startRfc3339 endRfc3339
  query_loki_logs datasourceUid logql startRfc3339 endRfc3339 limit direction queryType stepSeconds format
  query_loki_stats datasourceUid logql startRfc3339 endRfc3339
  query_loki_patterns datasourceUid logql startRfc3339 endRfc3339 step
  analyze_loki_labels datasourceUid labels selector maxLabels startRfc3339 endRfc3339 expectedBaseLabels perfMetrics
  generate_deeplink resourceType dashboardUid provisioningPreview datasourceUid panelId queries queryParams timeRange shorten
  list_oncall_schedules teamId scheduleId page
  get_oncall_shift shiftId
  get_current_oncall_users scheduleId
  list_oncall_teams page
  list_oncall_users userId username page
  list_alert_groups page id routeId integrationId state teamId startedAt labels name
  get_alert_group alertGroupId
  get_plugin pluginId
  list_prometheus_metric_metadata datasourceUid limit limitPerMetric metric projectName
  query_prometheus datasourceUid expr startTime endTime stepSeconds queryType projectName
  list_prometheus_metric_names datasourceUid regex limit page startRfc3339 endRfc3339 projectName
  list_prometheus_label_names datasourceUid matches startRfc3339 endRfc3339 limit projectName
  list_prometheus_label_values datasourceUid labelName matches startRfc3339 endRfc3339 limit projectName
  query_prometheus_histogram datasourceUid metric percentile labels rateInterval startTime endTime stepSeconds projectName
  list_pyroscope_label_names data_source_uid matchers start_rfc_3339 end_rfc_3339
  list_pyroscope_label_values data_source_uid name matchers start_rfc_3339 end_rfc_3339
  list_pyroscope_profile_types data_source_uid start_rfc_3339 end_rfc_3339
  query_pyroscope data_source_uid profile_type query_type format matchers group_by step max_node_depth start_rfc_3339 end_rfc_3339
  query_quickwit datasourceUid index query startTime endTime limit
  run_panel_query dashboardUid panelIds queryIndex start end variables datasourceUid datasourceType
  search_dashboards query limit page
  search_folders query
  get_sift_investigation id
  get_sift_analysis investigationId analysisId
  list_sift_investigations limit
  list_snapshots query limit
  get_snapshot key
  list_snowflake_tables datasourceUid database schema
  describe_snowflake_table datasourceUid table schema database
`
const WRITES = `
  create_annotation dashboardUid panelId time timeEnd tags text data format what when graphiteData
  create_folder title uid parentUid
  create_incident title severity roomPrefix isDrill status attachCaption attachUrl labels
  add_activity_to_incident incidentId body eventTime
  update_incident incidentId status severity title
  find_error_pattern_logs name labels start end
  find_slow_requests name labels start end
`
/** A dashboard or a rule that is overwritten is gone, and with it what would have warned. */
const OVERWRITES = `
  update_annotation id text time timeEnd tags data
  update_dashboard dashboard uid operations folderUid message overwrite userId
  update_alert_group alertGroupId state
  alerting_manage_silences operation silence_id rule_uid matchers starts_at ends_at comment created_by
  ask_assistant prompt contextId
`
/** Statements in the languages of other databases: understood where PostgreSQL would, and else opaque. */
const STATEMENTS = `
  query_athena datasourceUid start end region catalog database variables limit resultReuseEnabled resultReuseMaxAgeInMinutes
  query_clickhouse datasourceUid start end variables limit
  query_influxdb datasourceUid dialect start end maxDataPoints
  query_snowflake datasourceUid start end variables limit
`
const SOURCE = 'name type access database basicAuth isDefault fields schemaReviewed'

export const GRAFANA: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => whole(['data.read'], plain)),
  ...rows(WRITES, (plain) => whole(['data.write'], plain)),
  ...rows(OVERWRITES, (plain) => whole(['data.write', 'data.delete'], plain)),
  ...rows(STATEMENTS, (plain) => tool([to('query', 'sql', [])], plain)),
  ['create_datasource', source(['data.write'], `withCredentials ${SOURCE}`)],
  ['update_datasource', source(['data.write', 'data.delete'], `uid jsonData ${SOURCE}`)],
  ['install_plugin', whole(['data.write', 'account.administer'], 'pluginId version')],
  // Whoever has the link can read it, also outside.
  ['create_snapshot', whole(['data.write', 'message.send'], 'dashboard name expires external key deleteKey')],
  // Whatever the API can do, which is known by its path alone.
  ['grafana_api_request', whole(['code.execute', 'data.delete'], 'endpoint method body headers jq')],
  ['delete_snapshot', whole(['data.delete'], 'key')],
])

function source(actions: ToolEntry['effects'][number]['actions'], plain: string): ToolEntry {
  return tool([{ kind: 'plain', actions }, to('url', 'url', ['net.connect'], true)], plain)
}
