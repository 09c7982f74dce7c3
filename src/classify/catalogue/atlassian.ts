import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

// `mcp-atlassian` at 436b37e (21 August 2026), every tool, with the argument names of 0.21 beside. A call with another
// argument is not fully understood.

const READS = `
  confluence_search query limit spaces_filter
  confluence_get_page page_id title space_key include_metadata convert_to_markdown
  confluence_get_page_children parent_id expand limit include_content convert_to_markdown start include_folders
  confluence_get_space_page_tree space_key limit
  confluence_get_comments page_id
  confluence_get_labels page_id
  confluence_get_inline_comments page_id
  confluence_search_user query limit group_name
  confluence_get_page_history page_id version convert_to_markdown
  confluence_get_page_diff page_id from_version to_version
  confluence_get_page_views page_id include_title
  confluence_get_attachments content_id start limit filename media_type
  confluence_download_attachment attachment_id
  confluence_download_content_attachments content_id
  confluence_get_page_images content_id
  confluence_list_page_templates space_key limit
  confluence_get_page_template template_id
  confluence_get_page_restrictions page_id
  confluence_check_content_permissions content_id user_identifier operation subject_type
  confluence_get_space_permissions space_id limit cursor
  jira_get_user_profile user_identifier
  jira_search_assignable_users query project_key issue_key limit
  jira_get_issue_watchers issue_key
  jira_get_issue issue_key fields expand comment_limit properties update_history include use_display_names
  jira_search jql fields limit start_at projects_filter expand page_token use_display_names
  jira_search_fields keyword limit refresh
  jira_get_field_options field_id context_id project_key issue_type contains return_limit values_only
  jira_get_project_issues project_key limit start_at
  jira_get_transitions issue_key
  jira_get_worklog issue_key
  jira_download_attachments issue_key
  jira_get_issue_images issue_key
  jira_get_agile_boards board_name project_key board_type start_at limit
  jira_get_board_issues board_id jql fields start_at limit expand
  jira_get_sprints_from_board board_id state start_at limit
  jira_get_sprint_issues sprint_id fields start_at limit
  jira_get_link_types name_filter
  jira_batch_get_changelogs issue_ids_or_keys fields limit
  jira_get_project_issue_types project_key
  jira_get_create_fields project_key issue_type_id
  jira_get_project_versions project_key
  jira_get_project_components project_key
  jira_get_all_projects include_archived
  jira_search_projects query max_results current_project_ids
  jira_get_project_fields project_key
  jira_get_service_desk_for_project project_key
  jira_get_service_desk_queues service_desk_id start_at limit
  jira_get_queue_issues service_desk_id queue_id start_at limit
  jira_get_request_types service_desk_id start_at limit
  jira_get_request_type_fields service_desk_id request_type_id
  jira_get_issue_proforma_forms issue_key
  jira_get_proforma_form_details issue_key form_id
  jira_get_issue_dates issue_key include_status_changes include_status_summary
  jira_get_issue_sla issue_key metrics working_hours_only include_raw_dates
  jira_get_issue_development_info issue_key application_type data_type
  jira_get_issues_development_info issue_keys application_type data_type
  jira_get_project_epic_hierarchy project_key max_epics
  jira_get_cross_project_dependencies project_key max_issues
`
/** What colleagues get to read, and are told of. */
const WRITES = `
  confluence_add_label page_id name
  confluence_add_comment page_id body content
  confluence_reply_to_comment comment_id body
  confluence_add_inline_comment page_id body text_selection text_selection_match_count text_selection_match_index
  confluence_create_page_from_template space_key title template_id parent_id
  confluence_copy_page source_page_id destination_space_key new_title destination_parent_id copy_attachments
  jira_add_watcher issue_key user_identifier
  jira_create_issue project_key summary issue_type assignee description components additional_fields
  jira_batch_create_issues issues validate_only
  jira_assign_issue issue_key assignee
  jira_add_comment issue_key body visibility public comment
  jira_add_worklog issue_key time_spent comment started original_estimate remaining_estimate
  jira_link_to_epic issue_key epic_key
  jira_create_issue_link link_type inward_issue_key outward_issue_key comment comment_visibility
  jira_create_remote_issue_link issue_key url title summary relationship icon_url
  jira_create_sprint board_id name start_date end_date goal
  jira_add_issues_to_sprint sprint_id issue_keys
  jira_move_issues_to_backlog issue_keys
  jira_create_version project_key name start_date release_date description
  jira_batch_create_versions project_key versions
`
/** What stood there before is gone, or harder to find. */
const OVERWRITES = `
  confluence_update_page_section page_id heading_text new_content content_format is_minor_edit version_comment
  confluence_move_page page_id target_parent_id target_space_key position
  jira_move_issue issue_key target_project_key
  jira_edit_comment issue_key comment_id body visibility
  jira_transition_issue issue_key transition_id fields comment
  jira_update_sprint sprint_id name state start_date end_date goal
  jira_update_version version_id name description start_date release_date archived released
  jira_update_proforma_form_answers issue_key form_id answers
`
const DELETES = `
  confluence_delete_page page_id
  confluence_delete_attachment attachment_id
  jira_remove_watcher issue_key username account_id
  jira_delete_issue issue_key
  jira_remove_issue_link link_id
`
const PAGE =
  'title content parent_id content_format enable_heading_anchors include_content emoji page_width table_layout'

export const ATLASSIAN: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(READS, (plain) => whole(['data.read'], plain)),
  ...rows(WRITES, (plain) => whole(['data.write'], plain)),
  ...rows(OVERWRITES, (plain) => whole(['data.write', 'data.delete'], plain)),
  ...rows(DELETES, (plain) => whole(['data.delete'], plain)),
  ['confluence_create_page', sending(['data.write'], 'content_file', `space_key subtype ${PAGE}`)],
  [
    'confluence_update_page',
    sending(['data.write', 'data.delete'], 'content_file', `page_id is_minor_edit version_comment ${PAGE}`),
  ],
  [
    'confluence_upload_attachment',
    sending(['data.write'], 'file_path', 'content_id content_base64 filename comment minor_edit'),
  ],
  ['confluence_upload_attachments', sending(['data.write'], 'file_paths', 'content_id comment minor_edit')],
  [
    'jira_update_issue',
    sending(
      ['data.write', 'data.delete'],
      'attachments',
      'issue_key fields additional_fields components transition comment comment_visibility worklog worklog_started return_fields',
    ),
  ],
  [
    'jira_create_customer_request',
    sending(
      ['data.write'],
      'attachments',
      'service_desk_id request_type_id request_field_values raise_on_behalf_of request_participants strict_on_behalf',
    ),
  ],
  [
    'confluence_set_page_restrictions',
    whole(['account.administer'], 'page_id read_users read_groups edit_users edit_groups'),
  ],
])

/** A tool that takes files from the machine that its server runs on. */
function sending(actions: ToolEntry['effects'][number]['actions'], files: string, plain: string): ToolEntry {
  return tool([{ kind: 'plain', actions }, to(files, 'paths', ['file.read'], true)], plain)
}
