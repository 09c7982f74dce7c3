import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a person types to run this program: `remit` when it is installed, the script's path from a clone. */
export function programName(cwd: string): string {
  if (!import.meta.url.endsWith('/src/cli/program-name.ts')) return 'remit'
  const script = relative(cwd, join(fileURLToPath(import.meta.url), '..', '..', '..', 'bin', 'remit'))
  return process.platform === 'win32' ? `node ${script}` : script
}
