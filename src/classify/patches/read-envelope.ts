import { PatchLines, type PatchFile, type PatchReader } from './patch-file.ts'

const HEADER = /^\*\*\* (Add File|Update File|Delete File|Move to): (.+)$/

/** The patch envelope of `apply_patch` (openai/codex): files that it adds, updates, moves and deletes. */
export const readEnvelope: PatchReader = (text) => {
  if (!/^\s*\*\*\* Begin Patch\s*$/m.test(text)) return undefined
  const files: (Omit<PatchFile, 'before' | 'after'> & { readonly lines: PatchLines })[] = []
  for (const line of text.split('\n')) {
    const last = files.at(-1)
    // A header that is not quite one may still be read as one.
    if (!/^\s*\*\*\*/.test(line)) {
      if (/^[ +-]/.test(line)) last?.lines.add(line)
      else if (line === '') last?.lines.add(' ')
      continue
    }
    if (/^\s*\*\*\* (Begin Patch|End Patch|End of File)\s*$/.test(line)) continue
    const [, header, path = ''] = HEADER.exec(line.trimEnd()) ?? []
    if (header === 'Move to' && last?.kind === 'change') files[files.length - 1] = { ...last, to: path }
    else if (header === 'Add File') files.push({ path, kind: 'add', lines: new PatchLines() })
    else if (header === 'Update File') files.push({ path, kind: 'change', lines: new PatchLines() })
    else if (header === 'Delete File') files.push({ path, kind: 'delete', lines: new PatchLines() })
    else return undefined
  }
  return files.map(({ lines, ...file }) => ({ ...file, ...lines.texts }))
}
