import type { Positional } from './command.ts'

export const PACK_FOLDER: Positional = {
  name: 'folder',
  summary: 'folder with .cedar files, or `default` for the pack that comes with Remit',
  offers: 'folders',
}
