import { readUrl } from '../../../hosts.ts'
import type { ForgeInput } from '../../../forge/forge-act.ts'
import { forgeApi } from '../../../forge/forge-request.ts'
import type { Argument } from '../../argument.ts'
import type { CommandSite } from '../../command-site.ts'
import type { ReadOptions } from '../../read-options.ts'
import { parseBody, sayRequest } from './forge-api.ts'

const DATA = /^(d|data|data-raw|data-binary|data-ascii|data-urlencode|json|post-data|body-data)$/
const OTHER_BODY = /^(F|form|form-string|T|upload-file|post-file|body-file)$/

/** What requests of a general program do at a forge, where they go to the API of one. */
export function sayForgeRequests(urls: readonly Argument[], read: ReadOptions, site: CommandSite): void {
  const method = methodOf(read)
  for (const url of urls) {
    const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(url.text) ? url.text : `http://${url.text}`
    const literal = url.kind === 'literal'
    const api = forgeApi(literal ? (readUrl(text)?.resource.id ?? text) : text)
    if (api === undefined) continue
    // A path that is put together when the command runs could be any.
    const path = literal && !/[{}[\]]/.test(text) ? api.path : '?'
    sayRequest({ ...api, path, method, body: bodyOf(read) }, site)
  }
}

function methodOf({ values, given }: ReadOptions): string {
  const said = values.findLast(({ option }) => /^(X|request|method)$/.test(option))?.argument
  if (said !== undefined) return said.kind === 'literal' ? said.text.toUpperCase() : 'POST'
  if (given.has('G') || given.has('get')) return 'GET'
  if (given.has('I') || given.has('head') || given.has('spider')) return 'GET'
  if (values.some(({ option }) => /^(T|upload-file)$/.test(option))) return 'PUT'
  return values.some(({ option }) => DATA.test(option) || OTHER_BODY.test(option)) ? 'POST' : 'GET'
}

function bodyOf({ values }: ReadOptions): ForgeInput {
  const parts = values.filter(({ option }) => DATA.test(option))
  if (values.some(({ option }) => OTHER_BODY.test(option))) return undefined
  if (parts.some(({ argument }) => argument.kind !== 'literal' || argument.text.startsWith('@')))
    return undefined
  if (parts.length === 0) return {}
  const json = parts.every(({ option }) => option === 'json')
  return parseBody(parts.map(({ argument }) => argument.text).join(json ? '' : '&'))
}
