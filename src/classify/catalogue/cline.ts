import { isJsonObject, type Json } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import { extractCommand } from '../extract-command.ts'
import type { CatalogueEntry, DerivedEffect, ToolEntry } from './entry.ts'
import { command, delegates, inFolder, nothing, onFile, patch, runs, somewhere, url } from './tool-shapes.ts'

/** Command lines in a list, each for a shell of its own; or programs with their arguments. */
const COMMANDS: DerivedEffect = {
  actions: ['shell.execute'],
  from(input, context) {
    const lines: Json | undefined = input['commands']
    const here = { ...context, actions: ['shell.execute'] as const, pointer: '/commands' }
    if (!Array.isArray(lines)) return extractCommand(typeof lines === 'string' ? lines : null, here)
    return lines.flatMap((line: Json, at): readonly Operation[] =>
      extractCommand(typeof line === 'string' ? line : programOf(line), {
        ...here,
        pointer: `/commands/${at}`,
      }),
    )
  },
}

function programOf(line: Json): Json {
  if (!isJsonObject(line)) return null
  const { command: program, args = [], ...others } = line
  if (Object.keys(others).length > 0 || !Array.isArray(args)) return null
  return args.length === 0 ? (program ?? null) : [program ?? null, ...args]
}

const TEAM = ['agentId', 'taskId', 'runId', 'reason', 'status', 'summary', 'title', 'description']

/** Built-in tools of Cline 3.0.65, and below them those of its extension (documentation of 2026). */
export const CLINE: CatalogueEntry = new Map<string, ToolEntry>([
  ['run_commands', { effects: [], derived: COMMANDS, plain: ['commands'] }],
  [
    'read_files',
    {
      effects: [
        { argument: 'files', kind: 'path', members: ['path'], actions: ['file.read'], optional: true },
        { argument: 'file_paths', kind: 'paths', actions: ['file.read'], optional: true },
      ],
    },
  ],
  ['search_codebase', inFolder('path', ['file.read'], ['queries'])],
  [
    'fetch_web_content',
    { effects: [{ argument: 'requests', kind: 'url', members: ['url'], actions: ['net.fetch'] }] },
  ],
  ['editor', onFile('path', ['file.write'], { plain: ['old_text', 'new_text', 'insert_line'] })],
  ['apply_patch', patch('input')],
  ['skills', runs(['skill', 'args'])],
  ['ask_question', nothing(['question', 'options'])],
  ['submit_and_exit', nothing(['summary', 'verified'])],
  ['spawn_agent', delegates(['systemPrompt', 'task'])],
  ['team_spawn_teammate', delegates(['agentId', 'rolePrompt'])],
  ['team_run_task', delegates([...TEAM, 'task', 'runMode', 'continueConversation'])],
  ['team_send_message', delegates(['toAgentId', 'subject', 'body', 'taskId'])],
  ['team_broadcast', delegates(['subject', 'body', 'taskId'])],
  ['team_task', nothing([...TEAM, 'action', 'dependsOn', 'assignee'])],
  ['team_shutdown_teammate', nothing(TEAM)],
  ['team_cancel_run', nothing(TEAM)],
  ['team_status', nothing()],
  ['team_list_runs', nothing([...TEAM, 'includeCompleted'])],
  ['team_await_runs', nothing(TEAM)],
  ['team_read_mailbox', nothing(['unreadOnly'])],
  ['team_mission_log', nothing([...TEAM, 'kind', 'evidence', 'nextAction'])],
  ['team_cleanup', nothing()],
  ['team_create_outcome', nothing(['title', 'requiredSections'])],
  ['team_attach_outcome_fragment', nothing(['outcomeId', 'section', 'sourceRunId', 'content'])],
  ['team_review_outcome_fragment', nothing(['fragmentId', 'approved'])],
  ['team_finalize_outcome', nothing(['outcomeId'])],
  ['team_list_outcomes', nothing()],

  ['execute_command', command('command', ['requires_approval', 'timeout'])],
  ['read_file', onFile('path', ['file.read'], { plain: ['start_line', 'end_line'] })],
  ['write_to_file', onFile('path', ['file.write'], { plain: ['content'] })],
  ['replace_in_file', onFile('path', ['file.write'], { plain: ['diff'] })],
  ['search_files', inFolder('path', ['file.read'], ['regex', 'file_pattern'])],
  ['list_files', inFolder('path', ['file.list'], ['recursive'])],
  ['list_code_definition_names', inFolder('path', ['file.read'])],
  ['web_fetch', url('url', ['prompt'])],
  ['web_search', somewhere(['query', 'allowed_domains', 'blocked_domains'])],
  ['ask_followup_question', nothing(['question', 'options'])],
  [
    'attempt_completion',
    {
      effects: [{ argument: 'command', kind: 'command', actions: ['shell.execute'], optional: true }],
      plain: ['result', 'task_progress'],
    },
  ],
  ['plan_mode_respond', nothing(['response', 'needs_more_exploration', 'task_progress'])],
  ['act_mode_respond', nothing(['response', 'task_progress'])],
  ['use_skill', runs(['skill_name'])],
])
