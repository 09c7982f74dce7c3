import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Where a program is that a test cannot do without; undefined = the test is skipped, and says so.
 * @throws Error when `REMIT_REQUIRE` (names, separated by commas) wants it to be there.
 */
export function findProgram(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  if ((process.env['REMIT_REQUIRE'] ?? '').split(',').includes(name))
    throw new Error(`${name} is required here and not on the PATH`)
  console.log(`skipped: ${name} is not on the PATH`)
  return undefined
}
