import type { Label } from '../../core/labels.ts'

/** Folders of operating systems, in lower case: the Filesystem Hierarchy Standard 3.0, macOS and Windows. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/srv',
  '/sys',
  '/usr',
  '/var',
  '/library',
  '/system',
  '/applications',
  '/private/etc',
  '/private/var',
  '/volumes',
  '/cores',
  '/nix',
  '/snap',
  'c:/windows',
  'c:/program files',
  'c:/program files (x86)',
  'c:/programdata',
]

const HOME = /^(\/home\/[^/]+|\/users\/[^/]+|\/root|[a-z]:\/users\/[^/]+)(?:\/|$)/

/** `/tmp` and `/var/tmp` belong to everybody. */
const SCRATCH = /^\/(private\/)?(var\/)?(tmp|folders)(\/|$)/

/** Labels of where an absolute path outside the workspace lies. */
export function labelPlace(path: string, home: string): ReadonlySet<Label> {
  const folded = path.toLowerCase()
  const labels = new Set<Label>()
  const own = home.toLowerCase()
  const root = folded === own || folded.startsWith(`${own}/`) ? own : HOME.exec(folded)?.[1]
  if (root !== undefined) {
    const inside = folded.slice(root.length + 1)
    if (/^(\.|library\/|appdata\/|bin\/)/.test(inside) || inside === '') labels.add('home-config')
    return labels
  }
  const isSystem = SYSTEM.some((folder) => folded === folder || folded.startsWith(`${folder}/`))
  if (folded === '/' || (isSystem && !SCRATCH.test(folded))) labels.add('system')
  return labels
}
