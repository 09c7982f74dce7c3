import { statSync, type Stats } from 'node:fs'
import { isOpenToOthers, type StateFolder } from './state-folder.ts'

/**
 * What a gateway of this state folder parsed before, for commands that read policies beside it. Whoever may write
 * there changes what a command says of policies, so the folder is used only where it is there already, belongs to
 * whoever runs the command and is closed to everybody else; absent = everything is parsed anew.
 */
export function ownPolicyCache(state: Pick<StateFolder, 'root' | 'policyCache'>): {
  readonly cacheDir?: string
} {
  const found = statOf(state.root)
  if (found === undefined || !found.isDirectory() || isOpenToOthers(found)) return {}
  const user = process.getuid?.()
  return user === undefined || found.uid === user ? { cacheDir: state.policyCache } : {}
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
