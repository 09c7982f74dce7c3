import { join } from 'node:path'
import { isJsonObject, type Json } from '../core/json.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { ToolEntry } from './catalogue/entry.ts'
import type { EditPreview } from './classify.ts'
import type { ExtractionContext } from './extract.ts'
import type { FileSystem } from './file-system.ts'
import { locatePath } from './locate-path.ts'

/** Larger files are not previewed: an approver would not read them. */
const MAX_BYTES = 256 * 1024

/** The file that the call would edit, before and after; off the hot path, since it reads content. */
export function previewEdit(
  edit: NonNullable<ToolEntry['edit']>,
  call: ToolCall,
  context: Omit<ExtractionContext, 'actions' | 'pointer'>,
): EditPreview | undefined {
  const { path, content, edits } = call.arguments
  if (typeof path !== 'string' || context.fs === undefined) return undefined
  const located = locatePath(path, { ...context, changes: true })
  if (located.opaque || located.directory || (located.inside && context.workspace === undefined))
    return undefined
  const file = located.inside ? join(context.workspace ?? '', located.id) : located.id
  const before = located.exists ? readShortText(context.fs, file) : ''
  if (before === undefined) return undefined
  const after = edit === 'whole-content' ? text(content) : replaced(before, edits)
  return after === undefined ? undefined : { before, after }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.length <= MAX_BYTES ? value : undefined
}

/** `undefined` unless every replacement is found as it stands: the server's own guesses are not ours to show. */
function replaced(before: string, edits: Json | undefined): string | undefined {
  if (!Array.isArray(edits)) return undefined
  let after = before
  for (const edit of edits as readonly Json[]) {
    if (!isJsonObject(edit)) return undefined
    const { oldText, newText } = edit
    if (typeof oldText !== 'string' || typeof newText !== 'string' || oldText === '') return undefined
    const at = after.indexOf(oldText)
    if (at === -1) return undefined
    after = after.slice(0, at) + newText + after.slice(at + oldText.length)
  }
  return after.length <= 2 * MAX_BYTES ? after : undefined
}

/** Absent for what is binary, large or cannot be read. */
function readShortText(fs: FileSystem, file: string): string | undefined {
  try {
    const content = fs.read?.(file)
    return content === undefined || content.length > MAX_BYTES || content.includes('\0') ? undefined : content
  } catch {
    return undefined
  }
}
