import { groupsOf } from '../../core/actions.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import type { ReadCall } from './referents.ts'

/** What can become another thing after people were asked, without that Remit could see it, in words for them. */
export function whyLoose({ call, operations }: ReadCall): readonly string[] {
  const does = (test: (operation: Operation) => boolean): boolean => operations.some(test)
  const inFiles = does(({ resource: { type } }) => type === 'File' || type === 'Directory')
  const runs = does(
    ({ action }) => groupsOf(action).includes('execute') && !/^(?:ci|deploy|sql|infra)\./.test(action),
  )
  const because: readonly (readonly [boolean, string])[] = [
    [
      call.fileSystem === 'remote' && (inFiles || runs),
      'files: they lie on a machine that Remit does not see, so that all of them may be others by then',
    ],
    [
      call.door === 'hook' && (inFiles || runs),
      'the moment of the run: the agent runs this itself once Remit has answered, and files may change in between',
    ],
    [
      call.door === 'authzen' && (inFiles || runs),
      'the moment of the run: the application does this itself once Remit has answered, and files may change in between',
    ],
    [
      call.door !== 'hook' && call.door !== 'authzen' && call.fileSystem === 'shared' && (inFiles || runs),
      'the moment of the run: the server opens the files itself, right after Remit has looked at them again',
    ],
    [runs, 'what those files load in turn: modules, tests, settings'],
    [
      does(
        ({ action, resource }) =>
          resource.type === 'Directory' && /^file\.(?:delete|move|permission)$/.test(action),
      ),
      'what lies below the folder',
    ],
    [
      does(({ action }) => /^(?:net\.fetch|package\.(?:install|add)|git\.fetch)$/.test(action)),
      'what the network answers: nobody knows it before it runs',
    ],
    [does(({ action }) => action === 'git.commit'), 'what is staged in git by then'],
    [
      does(({ action }) => /^pr\.(?:merge|approve|ready)$/.test(action)) && !namesHead(call.arguments),
      'the head of the pull request: Remit does not ask the forge for it, and what is pushed until then counts too. A call that names the commit (`sha`, `--match-head-commit`) holds it',
    ],
    [does(({ action }) => /^(?:ci\.run|deploy\.run)$/.test(action)), 'which commit the forge takes by then'],
  ]
  return because.flatMap(([holds, words]) => (holds ? [words] : []))
}

const HEAD = /^(?:sha|head_?sha|expected_?head_?(?:sha|oid)|commit_?(?:sha|id)|oid)$/i
const COMMIT = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/i

/** Whether the call itself says which commit it means, so that another one fails. */
function namesHead(input: JsonObject): boolean {
  return Object.entries(input).some(
    ([name, value]) => (HEAD.test(name) && isCommit(value)) || saysHead(value),
  )
}

function isCommit(value: Json | undefined): boolean {
  return typeof value === 'string' && COMMIT.test(value)
}

function saysHead(value: Json | undefined): boolean {
  return typeof value === 'string' && /--(?:match-head-commit|sha)[= ]["']?[0-9a-f]{40}\b/i.test(value)
}
