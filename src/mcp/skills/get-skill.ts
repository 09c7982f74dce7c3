import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import { exposerOf } from '../expose-uris.ts'
import { locateResource, mediateUri } from '../read-resource.ts'
import { garbage } from '../upstream-message.ts'
import { wordsWithheld } from '../withhold-words.ts'
import { exposeSkill } from './expose-skill.ts'
import { hasSkills } from './skills-of.ts'

/**
 * `skills/get` (SEP-2640): one entry of the list of skills, listed or not. Decided on the URI of its `SKILL.md`, as a read
 * of it would be.
 * @throws RemitError `method_unknown` when the server has no skills, `result_withheld`, and what mediation throws.
 */
export async function getSkill(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { uri } = exchange.params
  const result = await mediateUri(door, exchange, {
    method: 'skills/get',
    uri,
    requires: (server, info) => {
      if (!hasSkills(info)) throw new RemitError('method_unknown', `the server \`${server}\` has no skills`)
    },
  })
  const { skill, _meta = {} } = result
  if (!isJsonObject(skill)) throw garbage('it holds no skill')
  const { server } = locateResource(exchange, uri)
  const [kept] = await wordsWithheld(door.deps, { server, list: 'skills' }, [skill])
  if (kept === undefined) {
    throw new RemitError(
      'result_withheld',
      'the names in this skill are not what honest names are; it is withheld',
    )
  }
  return { skill: exposeSkill(exposerOf(exchange.naming, server), kept), _meta }
}
