import { rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// Hosted servers change without a version; these are their tools of autumn 2026 that most agents use. Other tools are
// inferred; a call with another argument is not fully understood.

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

/** `mcp.notion.com`, and `@notionhq/notion-mcp-server` 2.5.1 at 1d38420 (25 July 2026), whose tools begin with `API-`. */
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
  ...rows(
    `
  API-get-user user_id
  API-get-users start_cursor page_size
  API-get-self
  API-post-search query sort filter start_cursor page_size
  API-get-block-children block_id start_cursor page_size
  API-retrieve-a-block block_id
  API-retrieve-a-page page_id filter_properties
  API-retrieve-a-page-property page_id property_id page_size start_cursor
  API-retrieve-a-comment block_id start_cursor page_size
  API-query-data-source data_source_id filter_properties filter sorts start_cursor page_size archived in_trash
  API-retrieve-a-data-source data_source_id
  API-list-data-source-templates data_source_id start_cursor page_size
  API-retrieve-a-database database_id
  API-retrieve-page-markdown page_id include_transcript Notion-Version`,
    (plain) => whole(['data.read'], plain),
  ),
  ...rows(
    `
  API-patch-block-children block_id children after
  API-post-page parent properties children icon cover
  API-create-a-comment parent rich_text
  API-create-a-data-source parent properties title
  API-move-page page_id parent`,
    (plain) => whole(['data.write'], plain),
  ),
  ...rows(
    `
  API-update-a-block block_id type archived
  API-patch-page page_id properties in_trash archived icon cover
  API-update-a-data-source data_source_id title description properties
  API-update-page-markdown page_id Notion-Version type replace_content update_content insert_content replace_content_range`,
    (plain) => whole(['data.write', 'data.delete'], plain),
  ),
  ...rows('API-delete-a-block block_id', (plain) => whole(['data.delete'], plain)),
])
