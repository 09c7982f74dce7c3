import type { Json, JsonObject } from '../core/json.ts'
import type { Resource } from '../core/resource.ts'
import { repositoryId, type ForgeHosts } from './repository/forge-hosts.ts'

/**
 * The repository that arguments name as servers of forges do: `owner` and `repo`, or one path of both. Its id is the one
 * that a push to the same repository has. `undefined` = they name none, or none that is well formed.
 * @param host of the forge that the server speaks with.
 */
export function findRepository(input: JsonObject, host: string, forges: ForgeHosts): Resource | undefined {
  const owner = own(input, 'owner') ?? own(input, 'org') ?? own(input, 'organization')
  const name = own(input, 'repo') ?? own(input, 'repository') ?? own(input, 'name')
  const path =
    own(input, 'project_id') ?? own(input, 'project') ?? own(input, 'repo') ?? own(input, 'repository')
  if (typeof owner === 'string' && typeof name === 'string') {
    const plain = !/[/%]/.test(owner) && !/[/%]/.test(name)
    return plain ? repository(repositoryId(host, `${owner}/${name}`, forges)) : undefined
  }
  if (typeof path === 'number' && Number.isSafeInteger(path)) return repository(String(path))
  if (typeof path !== 'string') return undefined
  const plain = decode(path).replace(/^https?:\/\/[^/]+\//, '')
  if (/^\d{1,12}$/.test(plain)) return repository(plain)
  return plain.includes('/') ? repository(repositoryId(host, plain, forges)) : undefined
}

/** GitLab takes `group%2Fproject`. */
function decode(text: string): string {
  return text.replaceAll(/%2f/gi, '/')
}

function repository(id: string | undefined): Resource | undefined {
  return id === undefined ? undefined : { type: 'Repository', id, ancestors: [] }
}

function own(input: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(input, name) ? input[name] : undefined
}
