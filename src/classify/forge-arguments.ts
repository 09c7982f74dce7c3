import type { Json, JsonObject } from '../core/json.ts'
import type { Resource } from '../core/resource.ts'

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/
const PATH = /^[A-Za-z0-9._-]{1,100}(?:\/[A-Za-z0-9._-]{1,100}){1,10}$/

/**
 * The repository that arguments name as servers of forges do: `owner` and `repo`, or one path of both. Its id is
 * `owner/name`, as `git push` to the same repository has it. `undefined` = they name none, or none that is well formed.
 */
export function findRepository(input: JsonObject): Resource | undefined {
  const owner = own(input, 'owner') ?? own(input, 'org') ?? own(input, 'organization')
  const name = own(input, 'repo') ?? own(input, 'repository') ?? own(input, 'name')
  const path =
    own(input, 'project_id') ?? own(input, 'project') ?? own(input, 'repo') ?? own(input, 'repository')
  if (typeof owner === 'string' && typeof name === 'string') {
    return NAME.test(owner) && NAME.test(name) ? repository(`${owner}/${name}`) : undefined
  }
  if (typeof path === 'number' && Number.isSafeInteger(path)) return repository(String(path))
  if (typeof path !== 'string') return undefined
  const plain = decode(path)
    .replace(/^https?:\/\/[^/]+\//, '')
    .replace(/\.git$/, '')
  if (/^\d{1,12}$/.test(plain)) return repository(plain)
  return PATH.test(plain) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(plain) ? repository(plain) : undefined
}

/** GitLab takes `group%2Fproject`. */
function decode(text: string): string {
  return text.replaceAll(/%2f/gi, '/')
}

function repository(id: string): Resource {
  return { type: 'Repository', id, ancestors: [] }
}

function own(input: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(input, name) ? input[name] : undefined
}
