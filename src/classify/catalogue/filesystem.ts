import type { Action } from '../../core/actions.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

/**
 * `@modelcontextprotocol/server-filesystem` 2026.8.31, read from its source. Listing, searching and the tree show names
 * only, also of what lies deeper; contents come from the reading tools alone, and from `edit_file`, which answers with
 * the lines around each change.
 */
export const FILESYSTEM: CatalogueEntry = new Map<string, ToolEntry>([
  ['read_file', file(['file.read'], ['head', 'tail'])],
  ['read_text_file', file(['file.read'], ['head', 'tail'])],
  ['read_media_file', file(['file.read'])],
  ['read_multiple_files', { effects: [{ argument: 'paths', kind: 'paths', actions: ['file.read'] }] }],
  ['write_file', { ...file(['file.write'], ['content']), edit: 'whole-content' }],
  ['edit_file', { ...file(['file.write', 'file.read'], ['edits', 'dryRun']), edit: 'replacements' }],
  ['create_directory', folder(['file.write'])],
  ['list_directory', folder(['file.list'])],
  ['list_directory_with_sizes', folder(['file.list'], ['sortBy'])],
  ['directory_tree', folder(['file.list'], ['excludePatterns'])],
  ['search_files', folder(['file.list'], ['pattern', 'excludePatterns'])],
  ['get_file_info', file(['file.list'])],
  [
    'move_file',
    {
      effects: [
        { argument: 'source', kind: 'path', actions: ['file.move'] },
        { argument: 'destination', kind: 'path', actions: ['file.write'] },
      ],
    },
  ],
  ['list_allowed_directories', { effects: [] }],
])

function file(actions: readonly Action[], plain: readonly string[] = []): ToolEntry {
  return { effects: [{ argument: 'path', kind: 'path', actions }], plain }
}

function folder(actions: readonly Action[], plain: readonly string[] = []): ToolEntry {
  return { effects: [{ argument: 'path', kind: 'directory', actions }], plain }
}
