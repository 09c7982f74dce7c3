import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { labelPath } from '../labels/label-path.ts'
import { findWeakening } from '../weakening/find-weakening.ts'
import { isControlPath } from '../weakening/mark-weakening.ts'

const MAX_FILES = 500

/**
 * Whether a change through a forge's tool deletes, skips or loosens a test or a check. What stands in the repository is
 * not known here, so that of a new text only what it has itself can be told.
 * @param value of the argument that holds a path, or objects with one each.
 */
export function weakensRemotely(value: Json | undefined, input: JsonObject): boolean {
  const items = Array.isArray(value) ? (value as readonly Json[]).slice(0, MAX_FILES) : [value ?? null]
  return items.some((item) => {
    const holder = isJsonObject(item) ? item : input
    const path =
      typeof item === 'string' ? item : (holder['file_path'] ?? holder['path'] ?? holder['filePath'])
    if (typeof path !== 'string') return false
    const file = {
      path: path.replace(/^\//, ''),
      labels: [...labelPath(path.replace(/^\//, ''), false).labels],
    }
    const { content, action } = holder
    if (action === 'delete' || (typeof content !== 'string' && action === undefined))
      return isControlPath(file)
    if (typeof content !== 'string') return false
    if (content.trim() === '' && isControlPath(file)) return true
    return findWeakening(file, { before: undefined, after: content }) !== undefined
  })
}
