import { extensionOf, SKILLS_EXTENSION } from '../extensions.ts'
import type { UpstreamInfo } from '../upstream.ts'

/** Whether a server has skills, of whichever era it is: the extension is the same in both. */
export function hasSkills({ capabilities }: UpstreamInfo): boolean {
  return extensionOf(capabilities, SKILLS_EXTENSION) !== undefined
}

/** Whether it has `resources/directory/read` as well. */
export function readsDirectories({ capabilities }: UpstreamInfo): boolean {
  return extensionOf(capabilities, SKILLS_EXTENSION)?.['directoryRead'] === true
}
