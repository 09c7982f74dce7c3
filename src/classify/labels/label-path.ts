import type { Label } from '../../core/labels.ts'
import { namesOf } from '../fold-name.ts'
import { AGENT_FILES } from './agents.ts'
import { AUTH_FILES, CODE_FILES, NOT_AUTH } from './code.ts'
import { CUSTOMER_FILES, NOT_CUSTOMERS } from './customers.ts'
import { GENERATED_FOLDERS } from './generated.ts'
import { compileLabels, type LabelTable } from './glob-table.ts'
import { PIPELINES } from './pipelines.ts'
import { NOT_SECRET, SECRET_FILES } from './secrets.ts'

const TABLES: readonly LabelTable[] = [
  compileLabels(SECRET_FILES, NOT_SECRET),
  compileLabels([...PIPELINES, ...AGENT_FILES, ...CODE_FILES, ...GENERATED_FOLDERS], []),
  compileLabels(AUTH_FILES, NOT_AUTH),
  compileLabels(CUSTOMER_FILES, NOT_CUSTOMERS),
]

/** Labels whose files a disguised name would be made for. */
const SENSITIVE: ReadonlySet<Label> = new Set<Label>([
  'secret',
  'ci',
  'agent-config',
  'git-hook',
  'git-internal',
  'editor-task',
  'executable',
])

export interface NameLabels {
  readonly labels: ReadonlySet<Label>
  /** A sensitive name written as nobody writes it: `.ENV`, a Cyrillic letter, a stream. */
  readonly disguised: boolean
}

/**
 * What a path is by its names alone.
 * @param path canonical, `/` between components; @param below also what would lie below it, for changes to folders.
 */
export function labelPath(path: string, below: boolean): NameLabels {
  const components = path.split('/').filter((component) => component !== '')
  const names = components.map(namesOf)
  const labels = new Set<Label>()
  for (const table of TABLES) {
    table.collect(names, labels)
    if (below) table.collectBelow(names, labels)
  }
  const disguised = components.some(isDisguised) && [...labels].some((label) => SENSITIVE.has(label))
  return { labels, disguised }
}

/** Names that begin with a dot are written in lower case everywhere; no sensitive name has letters beyond ASCII. */
function isDisguised(component: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  return /^\..*[A-Z]/.test(component) || /[^\u0000-\u007f]/.test(component) || /[:#]/.test(component)
}
