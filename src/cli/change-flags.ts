import type { Flag } from './command.ts'

export const DRY_RUN: Flag = {
  name: 'dry-run',
  summary: 'print what would change in the file, and change nothing',
}
export const UNCHECKED: Flag = { name: 'unchecked', summary: 'write it without reaching the server first' }
