import type { CatalogueEntry, ToolEntry } from './entry.ts'
import { command, onFile } from './tool-shapes.ts'

/** What Cascade’s hooks tell of: an event for each kind of tool (documentation of 2026; the program itself was not run). */
export const WINDSURF: CatalogueEntry = new Map<string, ToolEntry>([
  ['run_command', command('command_line')],
  ['read_code', onFile('file_path', ['file.read'])],
  ['write_code', onFile('file_path', ['file.write'], { plain: ['edits'] })],
])
