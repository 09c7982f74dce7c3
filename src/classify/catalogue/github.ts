import { rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { updateActions } from '../forge/forge-act.ts'
import { forgeAt } from './forge.ts'

// `github-mcp-server` v1.9.0, github/github-mcp-server, every tool of its schema snapshots, insiders’ ones included.

const forge = forgeAt('github.com')

const REPOSITORY_READS = `
  get_code_quality_finding findingNumber
  get_code_scanning_alert alertNumber
  get_commit detail page perPage sha
  get_dependabot_alert alertNumber
  get_file_blame after end_line path perPage ref start_line
  get_file_contents fields path ref sha
  get_latest_release
  get_release_by_tag tag
  get_repository_tree path_filter recursive tree_sha
  get_tag tag
  list_branches page perPage
  list_code_scanning_alerts page perPage ref severity state tool_name
  list_commits author fields page path perPage sha since until
  list_dependabot_alerts after perPage severity state
  list_notifications before filter page perPage since
  list_releases fields page perPage
  list_repository_collaborators affiliation page perPage
  list_repository_security_advisories direction sort state
  list_tags page perPage
  ui_get method
`
const ISSUE_READS = `
  issue_read issue_number method page perPage
  issue_dependency_read issue_number method page perPage
  list_issues after direction field_filters fields labels orderBy perPage since state
  find_duplicate confidence_threshold issue_number page perPage
  search_issues fields order page perPage query sort
  list_issue_fields
  list_issue_types
  get_label name
  list_label
  get_discussion discussionNumber
  get_discussion_comments after discussionNumber includeReplies perPage
  list_discussions after category direction orderBy perPage
  list_discussion_categories
`
const PULL_REQUEST_READS = `
  list_pull_requests base direction fields head page perPage sort state
  search_pull_requests fields order page perPage query sort
`
const PIPELINE_READS = `
  actions_get method resource_id
  actions_list method page per_page resource_id workflow_jobs_filter workflow_runs_filter
  get_job_logs failed_only job_id return_content run_id tail_lines
`
const ACCOUNT_READS = `
  get_gist gist_id
  get_global_security_advisory ghsaId
  get_me
  get_notification_details notificationID
  get_team_members org team_slug
  get_teams user
  list_gists page perPage since username
  list_global_security_advisories affects cveId cwes ecosystem ghsaId isWithdrawn modified published severity type updated
  list_org_repository_security_advisories direction org sort state
  list_starred_repositories direction page perPage sort username
  projects_get field_id field_names fields item_id method owner owner_type project_number status_update_id view_id
  projects_list after before field_names fields method owner owner_type per_page project_number query
  search_code fields order page perPage query sort
  search_commits order page perPage query sort
  search_orgs order page perPage query sort
  search_repositories minimal_output order page perPage query sort
  search_users order page perPage query sort
`
const SECRET_READS = `
  get_secret_scanning_alert alertNumber
  list_secret_scanning_alerts page perPage resolution secret_type state
`
const ISSUE_WRITES = `
  add_issue_comment body comment_id issue_number reaction
  add_issue_comment_reaction comment_id content
  add_issue_reaction content issue_number
  add_sub_issue issue_number replace_parent sub_issue_id
  create_issue body title
  discussion_comment_write body commentNodeID discussionNumber method
  issue_dependency_write issue_number method related_issue_number related_owner related_repo type
  issue_write assignees body duplicate_of issue_fields issue_number labels method milestone state state_reason title type
  label_write color description method name new_name
  remove_sub_issue issue_number sub_issue_id
  reprioritize_sub_issue after_id before_id issue_number sub_issue_id
  set_issue_fields fields issue_number
  sub_issue_write after_id before_id issue_number method replace_parent sub_issue_id
  update_issue_assignees assignees issue_number
  update_issue_body body issue_number
  update_issue_labels issue_number labels
  update_issue_milestone issue_number milestone
  update_issue_state confidence duplicate_of is_suggestion issue_number rationale state state_reason
  update_issue_title issue_number title
  update_issue_type confidence is_suggestion issue_number issue_type rationale
`
const REVIEW_COMMENTS = `
  add_comment_to_pending_review body line path side startLine startSide subjectType
  add_pull_request_review_comment body line path side startLine startSide subjectType
  add_reply_to_pull_request_comment body commentId reaction
`
const PULL_REQUEST_UPDATES = `
  request_copilot_review
  request_pull_request_reviewers reviewers
  update_pull_request_body body
  update_pull_request_branch expectedHeadSha
  update_pull_request_title title
`
const ACCOUNT_WRITES = `
  dismiss_notification state threadID
  manage_notification_subscription action notificationID
  mark_all_notifications_read lastReadAt owner repo
  manage_repository_notification_subscription action owner repo
  star_repository owner repo
  unstar_repository owner repo
  resolve_review_thread threadID
  unresolve_review_thread threadID
  add_pull_request_review_comment_reaction comment_id content owner repo
`

/** What a review does depends on its verdict. */
const VERDICT = {
  argument: 'event',
  of: { APPROVE: ['pr.approve'], COMMENT: ['pr.comment'], REQUEST_CHANGES: ['pr.comment'] },
} as const
const STATE = { argument: 'state', of: { closed: ['pr.close'], open: ['pr.update'] } } as const

/** Writes of files are pushes to a branch that carry the labels of their paths. */
const CHANGES: readonly (readonly [string, ToolEntry])[] = [
  ['create_branch', forge(['git.push'], { branches: ['branch'], plain: 'from_branch' })],
  [
    'create_or_update_file',
    forge(['git.push'], {
      branches: ['branch'],
      path: 'path',
      plain: 'allow_symlink_write content message sha',
    }),
  ],
  ['delete_file', forge(['git.push'], { branches: ['branch'], path: 'path', plain: 'message' })],
  ['push_files', forge(['git.push'], { branches: ['branch'], path: 'files', plain: 'message' })],
  ['create_repository', forge(['repo.create'], { plain: 'autoInit description name organization private' })],
  ['fork_repository', forge(['repo.create'], { plain: 'organization' })],
  ['delete_repository', forge(['repo.delete'])],
  [
    'create_pull_request',
    forge(['pr.open'], { plain: 'base body draft head maintainer_can_modify reviewers title' }),
  ],
  [
    'merge_pull_request',
    forge(['pr.merge'], { number: 'pullNumber', plain: 'commit_message commit_title merge_method' }),
  ],
  [
    'update_pull_request',
    forge(['pr.update', 'pr.ready', 'pr.close'], {
      number: 'pullNumber',
      which: (input) => updateActions(input, ['owner', 'repo', 'pullNumber']),
      plain: 'base body draft maintainer_can_modify reviewers state title',
    }),
  ],
  ['update_pull_request_state', forge(['pr.close', 'pr.update'], { number: 'pullNumber', choice: STATE })],
  [
    'update_pull_request_draft_state',
    forge(['pr.ready', 'pr.update'], {
      number: 'pullNumber',
      choice: { argument: 'draft', of: { true: ['pr.update'], false: ['pr.ready'] } },
    }),
  ],
  [
    'pull_request_review_write',
    forge(['pr.approve', 'pr.comment'], {
      number: 'pullNumber',
      choice: VERDICT,
      plain: 'body commitID method threadId',
    }),
  ],
  [
    'create_pull_request_review',
    forge(['pr.approve', 'pr.comment'], { number: 'pullNumber', choice: VERDICT, plain: 'body commitID' }),
  ],
  [
    'submit_pending_pull_request_review',
    forge(['pr.approve', 'pr.comment'], { number: 'pullNumber', choice: VERDICT, plain: 'body' }),
  ],
  ['delete_pending_pull_request_review', whole(['data.delete'], 'owner repo pullNumber')],
  [
    'actions_run_trigger',
    forge(['ci.run', 'ci.cancel', 'repo.configure'], {
      choice: {
        argument: 'method',
        of: {
          run_workflow: ['ci.run'],
          rerun_workflow_run: ['ci.run'],
          rerun_failed_jobs: ['ci.run'],
          cancel_workflow_run: ['ci.cancel'],
        },
      },
      ref: 'ref',
      plain: 'inputs run_id workflow_id',
    }),
  ],
  ['pull_request_read', forge(['pr.read'], { number: 'pullNumber', plain: 'after method page perPage' })],
  [
    'assign_copilot_to_issue',
    whole(['agent.delegate'], 'base_ref custom_instructions issue_number owner repo'),
  ],
  [
    'assign_copilot_to_issue_with_intent',
    whole(
      ['agent.delegate'],
      'base_ref confidence custom_instructions is_suggestion issue_number owner rationale repo',
    ),
  ],
  ['create_gist', whole(['data.write', 'message.send'], 'content description filename public')],
  ['update_gist', whole(['data.write', 'message.send'], 'content description filename gist_id')],
  [
    'projects_write',
    whole(
      ['data.write', 'data.delete'],
      'body field_name filter issue_number item_id item_owner item_repo item_type items iteration_duration iterations layout method name owner owner_type project_number pull_request_number start_date status target_date title updated_field view_id visible_field_names visible_fields',
    ),
  ],
  [
    'issue_dependency_write',
    forge(['issue.write'], {
      plain: 'issue_number method related_issue_number related_owner related_repo type',
    }),
  ],
]

export const GITHUB: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(REPOSITORY_READS, (plain) => forge(['repo.read'], { plain })),
  ...rows(ISSUE_READS, (plain) => forge(['issue.read'], { plain })),
  ...rows(PULL_REQUEST_READS, (plain) => forge(['pr.read'], { plain })),
  ...rows(PIPELINE_READS, (plain) => forge(['ci.read'], { plain })),
  ...rows(ACCOUNT_READS, (plain) => whole(['data.read'], plain)),
  ...rows(SECRET_READS, (plain) => whole(['secret.read'], `${plain} owner repo`)),
  ...rows(ISSUE_WRITES, (plain) => forge(['issue.write'], { plain })),
  ...rows(REVIEW_COMMENTS, (plain) => forge(['pr.comment'], { number: 'pullNumber', plain })),
  ...rows(PULL_REQUEST_UPDATES, (plain) => forge(['pr.update'], { number: 'pullNumber', plain })),
  ...rows(ACCOUNT_WRITES, (plain) => whole(['data.write'], plain)),
  ...CHANGES,
])
