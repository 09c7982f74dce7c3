import { visibleLine, visibleText } from '../core/visible-text.ts'
import { MOST_SHOWN } from '../core/world.ts'
import { worldLines, type SeenWorld } from './world.ts'

type Section = readonly [title: string, lines: readonly string[]]

/** What is compared again before the run, and what cannot be. */
export function worldSection(world: SeenWorld | undefined): readonly Section[] {
  if (world === undefined) return []
  const lines = worldLines(world)
  return [
    [
      'What it stands for (Remit; looked at again just before it runs, and asked again if it is another)',
      lines.length === 0 ? ['nothing beside the arguments themselves'] : lines,
    ],
  ]
}

/** Files that the call would run, whole: their text is what is agreed to. */
export function textSections(world: SeenWorld | undefined): readonly Section[] {
  let left = MOST_SHOWN
  return (world?.texts ?? []).map(({ name, text }) => {
    const title = `Text that would run, \`${visibleText(name)}\` as it is now (anybody’s, perhaps the agent’s)`
    left -= text.length
    if (left < 0) return [title, [`${text.length} characters, too long to be shown here`]]
    return [title, text.split('\n').map((line) => visibleLine(line))]
  })
}
