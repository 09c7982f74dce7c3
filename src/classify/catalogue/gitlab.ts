import { rows, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { updateActions } from '../forge/forge-act.ts'
import { forgeAt } from './forge.ts'

// `@zereight/mcp-gitlab` 2.1.64: the tools that change repositories, merge requests and pipelines, and the usual reads.
// Other tools are
// inferred; a call with another argument is not fully understood.

const forge = forgeAt('gitlab.com')

const REPOSITORY_READS = `
  get_file_contents file_path ref
  get_repository_tree path ref recursive page per_page
  get_project
  get_branch_diffs from to straight
  list_commits ref_name since until path author page per_page
  get_commit sha stats
  get_commit_diff sha
  list_releases page per_page
  get_release tag_name
`
const ACCOUNT_READS = `
  search_repositories search page per_page
  list_projects search owned membership visibility page per_page
  my_issues project_id state labels page per_page
  whoami
`
const MERGE_REQUEST_READS = `
  get_merge_request merge_request_iid source_branch
  get_merge_request_diffs merge_request_iid source_branch view
  list_merge_requests state author_username labels page per_page source_branch target_branch
  mr_discussions merge_request_iid page per_page
`
const ISSUE_READS = `
  list_issues state labels assignee_id author_id search page per_page scope
  get_issue issue_iid
  list_issue_discussions issue_iid page per_page
  list_labels search
  list_milestones state search
`
const PIPELINE_READS = `
  list_pipelines ref status page per_page
  get_pipeline pipeline_id
  list_pipeline_jobs pipeline_id scope page per_page
  get_pipeline_job job_id
  get_pipeline_job_output job_id limit offset
`
const ISSUE_WRITES = `
  create_issue title description assignee_ids labels milestone_id due_date
  update_issue issue_iid title description state_event labels assignee_ids milestone_id
  create_issue_note issue_iid discussion_id body
  create_label name color description
  update_label label_id new_name color description
`
const number = 'merge_request_iid'

const CHANGES: readonly (readonly [string, ToolEntry])[] = [
  [
    'create_or_update_file',
    forge(['git.push'], {
      branches: ['branch'],
      path: 'file_path',
      plain: 'content commit_message previous_path last_commit_id commit_id',
    }),
  ],
  ['push_files', forge(['git.push'], { branches: ['branch'], path: 'files', plain: 'commit_message' })],
  ['create_branch', forge(['git.push'], { branches: ['branch'], plain: 'ref' })],
  ['delete_branch', forge(['git.push', 'git.delete'], { branches: ['branch'] })],
  [
    'create_repository',
    forge(['repo.create'], { plain: 'name description visibility initialize_with_readme' }),
  ],
  ['fork_repository', forge(['repo.create'], { plain: 'namespace' })],
  [
    'protect_branch',
    forge(['repo.configure'], { plain: 'branch_name push_access_level merge_access_level' }),
  ],
  ['unprotect_branch', forge(['repo.configure', 'control.weaken'], { plain: 'branch_name' })],
  ['update_default_branch', forge(['repo.configure'], { plain: 'branch default_branch' })],
  [
    'create_merge_request',
    forge(['pr.open'], {
      plain: 'title description source_branch target_branch draft labels assignee_ids reviewer_ids',
    }),
  ],
  [
    'update_merge_request',
    forge(['pr.update', 'pr.ready', 'pr.close'], {
      number,
      which: (input) => updateActions(input, ['project_id', number]),
      plain:
        'source_branch title description target_branch state_event draft labels assignee_ids reviewer_ids',
    }),
  ],
  [
    'merge_merge_request',
    forge(['pr.merge'], {
      number,
      plain: 'squash merge_commit_message squash_commit_message should_remove_source_branch auto_merge',
    }),
  ],
  ['approve_merge_request', forge(['pr.approve'], { number, plain: 'sha approval_password' })],
  ['unapprove_merge_request', forge(['pr.update'], { number })],
  ['create_note', forge(['pr.comment', 'issue.write'], { plain: 'noteable_type noteable_iid body' })],
  ['create_merge_request_note', forge(['pr.comment'], { number, plain: 'discussion_id body' })],
  ['create_merge_request_thread', forge(['pr.comment'], { number, plain: 'body position' })],
  ['create_pipeline', forge(['ci.run'], { ref: 'ref', plain: 'variables inputs' })],
  ['retry_pipeline', forge(['ci.run'], { plain: 'pipeline_id' })],
  ['play_pipeline_job', forge(['ci.run'], { plain: 'job_id job_variables_attributes' })],
  ['cancel_pipeline', forge(['ci.cancel'], { plain: 'pipeline_id' })],
  [
    'create_release',
    forge(['release.publish'], { plain: 'tag_name name description ref milestones assets' }),
  ],
  ['delete_issue', whole(['data.delete'], 'project_id issue_iid')],
]

export const GITLAB: CatalogueEntry = new Map<string, ToolEntry>([
  ...rows(REPOSITORY_READS, (plain) => forge(['repo.read'], { plain })),
  ...rows(ACCOUNT_READS, (plain) => whole(['data.read'], plain)),
  ...rows(MERGE_REQUEST_READS, (plain) => forge(['pr.read'], { plain })),
  ...rows(ISSUE_READS, (plain) => forge(['issue.read'], { plain })),
  ...rows(PIPELINE_READS, (plain) => forge(['ci.read'], { plain })),
  ...rows(ISSUE_WRITES, (plain) => forge(['issue.write'], { plain })),
  ...CHANGES,
])
