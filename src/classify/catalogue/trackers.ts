import { rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// Hosted servers change without a version; these are their tools of autumn 2026 that most agents use. Other tools are
// inferred; a call with another argument is not fully understood.

/** `mcp.sentry.dev`. */
export const SENTRY: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(
    `whoami
     find_organizations query
     find_projects organizationSlug regionUrl query
     find_teams organizationSlug regionUrl query
     find_releases organizationSlug regionUrl projectSlug query
     search_issues organizationSlug regionUrl naturalLanguageQuery query projectSlugOrId limit
     search_events organizationSlug regionUrl naturalLanguageQuery query projectSlug limit
     get_issue_details organizationSlug regionUrl issueId eventId`,
    (plain) => whole(['data.read'], plain),
  ),
  ...rows(
    `update_issue organizationSlug regionUrl issueId status assignedTo
     create_project organizationSlug regionUrl teamSlug name platform
     create_team organizationSlug regionUrl name`,
    (plain) => whole(['data.write'], plain),
  ),
  ...rows('find_dsns organizationSlug regionUrl projectSlug', (plain) => whole(['secret.read'], plain)),
])

/** `mcp.linear.app`. */
export const LINEAR: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(
    `list_issues assignee team state project label query limit cursor orderBy createdAt updatedAt
     get_issue id
     list_comments issueId
     list_projects team query limit
     get_project query
     list_teams query limit
     get_team query
     list_users query
     get_user query
     list_issue_statuses team
     list_issue_labels team name
     search_documentation query page`,
    (plain) => whole(['data.read'], plain),
  ),
  ...rows(
    `create_issue title team description assignee state priority project labels parentId dueDate links
     update_issue id title description assignee state priority project labels parentId dueDate estimate
     create_comment issueId body parentId
     create_project name team description summary lead startDate targetDate
     update_project id name description summary lead state`,
    (plain) => whole(['data.write'], plain),
  ),
])

/** `mcp.notion.com`. */
export const NOTION: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(
    `notion-search query query_type data_source_url page_url teamspace_id filters
     notion-fetch id
     notion-get-comments page_id
     notion-get-users query user_id page_size start_cursor`,
    (plain) => whole(['data.read'], plain),
  ),
  ...rows(
    `notion-create-pages pages parent
     notion-create-comment page_id rich_text parent
     notion-create-database title properties parent description
     notion-duplicate-page page_id
     notion-move-pages page_or_database_ids new_parent`,
    (plain) => whole(['data.write'], plain),
  ),
  // Replaces content, or puts pages in the trash.
  ...rows(
    `notion-update-page data page_id command
     notion-update-database database_id title description properties is_inline in_trash`,
    (plain) => whole(['data.write', 'data.delete'], plain),
  ),
])
