import { COPILOT_CLI } from './copilot-cli.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { command, delegates, inFolder, nothing, onFile, patch, runs, somewhere } from './tool-shapes.ts'

/** Built-in tools of the older agent in VS Code, from its sources of 2026; not run here. */
const LOCAL: readonly (readonly [string, ToolEntry])[] = [
  ['run_in_terminal', command('command', ['explanation', 'goal', 'isBackground', 'timeout', 'mode'])],
  ['get_terminal_output', nothing(['id'])],
  ['await_terminal', nothing(['id', 'timeout'])],
  ['kill_terminal', nothing(['id'])],
  ['terminal_last_command', nothing()],
  ['terminal_selection', nothing()],
  ['create_and_run_task', runs(['workspaceFolder', 'task'])],
  ['run_task', runs(['workspaceFolder', 'id'])],
  ['get_task_output', nothing(['workspaceFolder', 'id'])],
  ['runTests', runs(['files', 'testNames', 'mode', 'coverageFiles'])],
  ['run_vscode_command', runs(['commandId', 'name', 'args'])],
  ['install_extension', runs(['id', 'name'])],
  ['run_notebook_cell', runs(['filePath', 'reason', 'cellId', 'continueOnError'])],
  ['read_file', onFile('filePath', ['file.read'], { plain: ['startLine', 'endLine', 'offset', 'limit'] })],
  ['view_image', onFile('filePath', ['file.read'])],
  ['copilot_getNotebookSummary', onFile('filePath', ['file.read'])],
  ['read_notebook_cell_output', onFile('filePath', ['file.read'], { plain: ['cellId'] })],
  ['list_dir', inFolder('path', ['file.list'])],
  // A glob from the root of the workspace.
  [
    'file_search',
    { effects: [{ argument: 'query', kind: 'pattern', actions: ['file.list'] }], plain: ['maxResults'] },
  ],
  [
    'grep_search',
    {
      effects: [
        { argument: 'path', kind: 'directory', actions: ['file.read'], fallback: '.' },
        { argument: 'includePattern', kind: 'pattern', actions: ['file.read'], optional: true },
      ],
      plain: ['query', 'isRegexp', 'maxResults', 'includeIgnoredFiles'],
    },
  ],
  ['semantic_search', inFolder('path', ['file.read'], ['query'])],
  ['search_workspace_symbols', inFolder('path', ['file.read'], ['symbolName'])],
  ['list_code_usages', inFolder('path', ['file.read'], ['symbolName', 'filePaths'])],
  ['get_errors', inFolder('path', ['file.read'], ['filePaths'])],
  ['get_changed_files', inFolder('repositoryPath', ['file.read'], ['sourceControlState'])],
  ['read_project_structure', inFolder('path', ['file.list'])],
  ['test_search', inFolder('path', ['file.list'], ['filePaths'])],
  ['test_failure', nothing()],
  ['create_file', onFile('filePath', ['file.write'], { plain: ['content'] })],
  ['create_directory', onFile('dirPath', ['file.write'])],
  [
    'replace_string_in_file',
    onFile('filePath', ['file.write'], { plain: ['oldString', 'newString', 'explanation'] }),
  ],
  [
    'multi_replace_string_in_file',
    {
      effects: [{ argument: 'replacements', kind: 'path', members: ['filePath'], actions: ['file.write'] }],
      plain: ['explanation'],
    },
  ],
  ['insert_edit_into_file', onFile('filePath', ['file.write'], { plain: ['explanation', 'code'] })],
  [
    'edit_notebook_file',
    onFile('filePath', ['file.write'], {
      plain: ['explanation', 'cellId', 'newCode', 'language', 'editType'],
    }),
  ],
  ['apply_patch', patch('input', ['explanation'])],
  // Its first argument is a list of URLs.
  [
    'fetch_webpage',
    { effects: [{ argument: 'urls', kind: 'url', actions: ['net.fetch'] }], plain: ['query'] },
  ],
  ['open_simple_browser', { effects: [{ argument: 'url', kind: 'url', actions: ['net.fetch'] }] }],
  ['github_repo', somewhere(['repo', 'query'])],
  ['github_text_search', somewhere(['scope', 'query', 'maxResults'])],
  ['runSubagent', delegates(['prompt', 'description', 'agentName', 'model'])],
  ['search_subagent', delegates(['query', 'description', 'details'])],
  ['manage_todo_list', nothing(['operation', 'todoList'])],
  ['vscode_askQuestions', nothing(['questions'])],
  ['get_vscode_api', nothing(['query'])],
]

/** The Copilot harness has the tools of Copilot CLI; a name that both have does the same. */
export const VSCODE: CatalogueEntry = new Map([...COPILOT_CLI, ...LOCAL])
