import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `mcp.sentry.dev` and `@sentry/mcp-server` 0.37.0 at 4a10932 (18 August 2026). A hosted server changes without a version: other
// tools are inferred; a call with another argument is not fully understood.

const READS = `
  find_alert_rules organizationSlug regionUrl kind projectSlug query cursor limit
  find_dashboards organizationSlug regionUrl titleQuery sort cursor limit
  find_monitors organizationSlug regionUrl projectSlug environment owner query limit
  find_organizations query
  find_projects organizationSlug regionUrl query
  find_releases organizationSlug regionUrl projectSlug query
  find_teams organizationSlug regionUrl query
  find_uptime_monitors organizationSlug regionUrl projectSlug environment owner query limit
  get_ai_conversation_details organizationSlug conversationId project start end regionUrl
  get_alert_rule organizationSlug regionUrl kind projectSlug ruleIdOrName
  get_dashboard_details organizationSlug regionUrl dashboardIdOrTitle
  get_doc path
  get_event_attachment organizationSlug projectSlug eventId attachmentId regionUrl
  get_event_stacktrace organizationSlug regionUrl issueId eventId thread
  get_issue_activity organizationSlug regionUrl issueId issueUrl includeComments limit
  get_issue_breadcrumbs organizationSlug regionUrl issueId issueUrl eventId
  get_issue_details organizationSlug regionUrl issueId eventId issueUrl
  get_issue_tag_values organizationSlug regionUrl issueId issueUrl tagKey
  get_issue_user_reports organizationSlug regionUrl issueId issueUrl cursor limit
  get_latest_base_snapshot organizationSlug appId branch project regionUrl
  get_monitor_details organizationSlug regionUrl projectSlugOrId monitorSlug environment period start end checkInLimit includeStats rollupSeconds
  get_profile profileUrl organizationSlug regionUrl projectSlugOrId transactionName period compareAgainstPeriod focusOnUserCode maxHotPaths
  get_profile_details profileUrl organizationSlug regionUrl projectSlugOrId profileId profilerId start end focusOnUserCode
  get_release_details organizationSlug regionUrl releaseVersion projectSlugOrId includeHealth includeDeploys includeCommits limit
  get_replay_details replayUrl organizationSlug replayId regionUrl
  get_sentry_resource url resourceType resourceId organizationSlug
  get_snapshot organizationSlug snapshotId showUnmodified regionUrl
  get_snapshot_image organizationSlug snapshotId imageIdentifier imageResolution regionUrl
  get_span_details organizationSlug regionUrl traceId spanId
  get_trace_details organizationSlug regionUrl traceId spanId
  get_uptime_monitor_details organizationSlug regionUrl projectSlug uptimeMonitorId period start end checkLimit
  search_ai_conversations organizationSlug query project environment period start end cursor limit regionUrl
  search_docs query maxResults guide
  search_events organizationSlug dataset query fields sort projectSlug environment period regionUrl limit includeExplanation naturalLanguageQuery
  search_issue_events organizationSlug issueId issueUrl query sort period projectSlug regionUrl limit includeExplanation
  search_issues organizationSlug query sort projectSlugOrId regionUrl limit period includeExplanation naturalLanguageQuery
  whoami
`
const WRITES = `
  add_issue_note organizationSlug regionUrl issueId issueUrl text
  analyze_issue_with_seer organizationSlug regionUrl issueId issueUrl instruction
  create_dsn organizationSlug regionUrl projectSlug name
  create_project organizationSlug regionUrl teamSlug name slug platform repository
  create_team organizationSlug regionUrl name
  onboarding_status_update organizationSlug regionUrl runToken stage status runStatus eventNote projectSlugs issueIds
`
const OVERWRITES = `
  update_dsn organizationSlug regionUrl projectSlug keyId name isActive rateLimitWindow rateLimitCount disableRateLimit browserSdkVersion loaderHasReplay loaderHasPerformance loaderHasDebug loaderHasFeedback loaderHasLogsAndMetrics
  update_issue organizationSlug regionUrl issueId issueUrl status assignedTo ignoreMode ignoreDurationMinutes ignoreCount ignoreWindowMinutes ignoreUserCount ignoreUserWindowMinutes reason
  update_project organizationSlug regionUrl projectSlug name slug platform
`
/** Whom it sends requests to is for the caller to say. */
const MONITOR =
  'organizationSlug regionUrl projectSlug uptimeMonitorId name intervalSeconds timeoutMs method headers body status owner environment traceSampling responseCaptureEnabled recoveryThreshold downtimeThreshold'

export const SENTRY: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => whole(['data.read'], plain)),
  ...rows(WRITES, (plain) => whole(['data.write'], plain)),
  ...rows(OVERWRITES, (plain) => whole(['data.write', 'data.delete'], plain)),
  ...rows('delete_uptime_monitor organizationSlug regionUrl projectSlug uptimeMonitorId', (plain) =>
    whole(['data.delete'], plain),
  ),
  ...rows(
    `add_team_to_project organizationSlug regionUrl projectSlug teamSlug
     remove_team_from_project organizationSlug regionUrl projectSlug teamSlug`,
    (plain) => whole(['account.administer'], plain),
  ),
  ...rows('find_dsns organizationSlug regionUrl projectSlug', (plain) => whole(['secret.read'], plain)),
  ['create_uptime_monitor', monitor(['data.write'])],
  ['update_uptime_monitor', monitor(['data.write', 'data.delete'])],
])

function monitor(actions: ToolEntry['effects'][number]['actions']): ToolEntry {
  return tool([{ kind: 'plain', actions }, to('url', 'url', ['net.send'], true)], MONITOR)
}
