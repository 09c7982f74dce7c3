import { rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `mcp-atlassian` 0.21: the tools of Jira and Confluence that most sites use. Other tools are
// inferred; a call with another argument is not fully understood.

const READS = `
  jira_get_issue issue_key fields expand comment_limit properties update_history
  jira_search jql fields limit start_at projects_filter expand page_token
  jira_get_all_projects include_archived
  jira_get_project_issues project_key limit start_at
  jira_get_transitions issue_key
  jira_get_worklog issue_key
  jira_get_agile_boards board_name project_key board_type start_at limit
  jira_get_user_profile user_identifier
  confluence_search query limit spaces_filter
  confluence_get_page page_id title space_key include_metadata convert_to_markdown
  confluence_get_page_children parent_id expand limit include_content convert_to_markdown start
  confluence_get_comments page_id
  confluence_get_labels page_id
`
/** What colleagues get to read, and are told of. */
const WRITES = `
  jira_create_issue project_key summary issue_type assignee description components additional_fields
  jira_batch_create_issues issues validate_only
  jira_update_issue issue_key fields additional_fields components attachments
  jira_transition_issue issue_key transition_id fields comment
  jira_add_comment issue_key comment body visibility
  jira_add_worklog issue_key time_spent comment started original_estimate remaining_estimate
  jira_link_to_epic issue_key epic_key
  jira_create_issue_link link_type inward_issue_key outward_issue_key comment comment_visibility
  confluence_create_page space_key title content parent_id content_format enable_heading_anchors
  confluence_update_page page_id title content is_minor_edit version_comment parent_id content_format enable_heading_anchors
  confluence_add_comment page_id content body
  confluence_add_label page_id name
`
const DELETES = `
  jira_delete_issue issue_key
  jira_remove_issue_link link_id
  confluence_delete_page page_id
`

export const ATLASSIAN: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => whole(['data.read'], plain)),
  ...rows(WRITES, (plain) => whole(['data.write'], plain)),
  ...rows(DELETES, (plain) => whole(['data.delete'], plain)),
])
