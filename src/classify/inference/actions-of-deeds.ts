import type { Action } from '../../core/actions.ts'
import type { SchemaSigns } from './read-schema.ts'
import type { Deed } from './words.ts'

/** Whether a tool takes statements: `any` of them, or by its own words those that read. */
export type QueryLanguage = 'any' | 'reading' | undefined

/** What the deeds are done to, as far as words and arguments tell. */
export interface ToolSubject {
  readonly words: readonly string[]
  readonly text: string
  readonly schema: SchemaSigns
  readonly query: QueryLanguage
  /** False = it could do anything. */
  readonly understood: boolean
}

interface Family {
  readonly write: Action
  readonly delete: Action
  readonly execute: Action
}

const SUBJECTS: readonly (Family & { readonly about: RegExp })[] = [
  {
    about: /\b(?:pull request|merge request|pr|mr)s?\b/,
    write: 'pr.update',
    delete: 'data.delete',
    execute: 'ci.run',
  },
  { about: /\bissues?\b/, write: 'issue.write', delete: 'data.delete', execute: 'code.execute' },
  {
    about: /\b(?:workflow|pipeline|build|job)s?\b|\bci\b/,
    write: 'ci.run',
    delete: 'data.delete',
    execute: 'ci.run',
  },
  {
    about:
      /\b(?:pod|node|namespace|cluster|helm|vm|virtual ?machine|deployment|configmap|kubernetes|kube|container|terraform|stack|bucket|istio|ingress|statefulset|daemonset|instance|droplet|ec|lambda|dyno|volume)s?\b/,
    write: 'infra.write',
    delete: 'infra.delete',
    execute: 'infra.execute',
  },
  { about: /\bbrowser\b/, write: 'browser.act', delete: 'data.delete', execute: 'code.execute' },
]
const PLAIN: Family = { write: 'data.write', delete: 'data.delete', execute: 'code.execute' }
const STATEMENTS: Family = { write: 'sql.write', delete: 'sql.delete', execute: 'sql.execute' }
const PEOPLE =
  /^(?:users?|members?|collaborators?|permissions?|roles?|access|passwords?|credentials?|accounts?|admins?|owners?|teams?|sso|mfa|visibility|protection)$/
/** After these the name is of something that a person has. */
const ABOUT_PEOPLE =
  /^(?:info|information|profile|status|avatar|preferences|name|note|notes|task|tasks|search)$/
const SECRETS =
  /\b(?:secrets?|passwords?|credentials?|apikeys?|keyvault|vault|(?:api|access|private|signing|service|anon|auth|ssh) (?:keys?|tokens?)|env|environment variables?)\b|\btokens?$/
const REVEALING = /^(?:get|read|fetch|retrieve|show|view|reveal|dump)$/
const AGENTS = /^(?:copilot|subagent|agents?)$/
const RELEASES =
  /\b(?:releases?|packages?|versions?|npm|apps?|extensions?|themes?|sites?|tags?|artifacts?|modules?|plugins?|libraries|library)\b/
const MISSIVES = /^(?:messages?|e?mails?|sms|tweets?|dms?|chats?|threads?)$/
const WRITING = /^(?:add|post|reply|write|create|compose|forward|respond|publish|submit)$/
const BUYING = /^(?:place|submit|checkout|buy|confirm)$/
const MONEY = /^(?:money|payments?|transactions?|funds?|payouts?|invoices?|orders?)$/

/** The words of policy for what a tool does. Never empty. */
export function actionsOfDeeds(deeds: ReadonlySet<Deed>, subject: ToolSubject): readonly Action[] {
  const { words, text, schema, query, understood } = subject
  const statements = query !== undefined && !schema.command
  const family = statements ? STATEMENTS : (SUBJECTS.find(({ about }) => about.test(text)) ?? PLAIN)
  const actions = new Set<Action>()
  if (deeds.has('write')) actions.add(family.write)
  if (deeds.has('execute')) actions.add(family.execute)
  if (!understood || losesState(deeds, family)) actions.add(family.delete)
  addSending(actions, deeds, subject)
  if (deeds.has('publish')) actions.add(RELEASES.test(text) ? 'release.publish' : 'message.send')
  if (deeds.has('deploy')) actions.add('deploy.run')
  if (deeds.has('merge')) actions.add('pr.merge')
  if (deeds.has('delegate') || (deeds.has('write') && words.some((word) => AGENTS.test(word))))
    actions.add('agent.delegate')
  if (administers(deeds, words)) actions.add('account.administer')
  if (deeds.has('read') && SECRETS.test(words.join(' ')) && words.some((word) => REVEALING.test(word)))
    actions.add('secret.read')
  if (deeds.has('read')) actions.add(statements ? 'sql.read' : 'data.read')
  if (actions.size === 0) actions.add('data.write')
  return [...actions]
}

/** What a call could do beside, by what its arguments may name; the arguments of a call say whether it does. */
export function actionsOfArguments(
  deeds: ReadonlySet<Deed>,
  { schema, query }: Pick<ToolSubject, 'schema' | 'query'>,
): readonly Action[] {
  const actions: Action[] = []
  if (schema.url && query === undefined) actions.push(changes(deeds) ? 'net.send' : 'net.fetch')
  if (!schema.path) return actions
  if (deeds.has('delete')) actions.push('file.delete')
  if (deeds.has('write') || deeds.has('execute')) actions.push('file.write')
  if (!changes(deeds)) actions.push('file.read')
  return actions
}

function changes(deeds: ReadonlySet<Deed>): boolean {
  return [...deeds].some((deed) => deed !== 'read')
}

/** A change in place may lose what was there, whatever runs may do anything, and infrastructure costs and replaces. */
function losesState(deeds: ReadonlySet<Deed>, family: Family): boolean {
  if (deeds.has('delete') || deeds.has('execute')) return true
  if (family.write === 'infra.write') return deeds.has('write')
  return deeds.has('overwrite') && family.write !== 'browser.act'
}

function addSending(actions: Set<Action>, deeds: ReadonlySet<Deed>, { words, schema }: ToolSubject): void {
  const about = (nouns: RegExp) => words.some((word) => nouns.test(word))
  const changed = deeds.has('write') || deeds.has('delete') || deeds.has('send')
  const pays =
    deeds.has('pay') || (changed && about(MONEY) && (schema.amount || deeds.has('send') || about(BUYING)))
  if (pays || (changed && about(/^(?:cart|basket)$/) && about(BUYING))) actions.add('money.send')
  else if (deeds.has('send') || (changed && about(MISSIVES) && about(WRITING))) actions.add('message.send')
}

/** Who may do what: people and their rights, not what is kept about them. */
function administers(deeds: ReadonlySet<Deed>, words: readonly string[]): boolean {
  if (deeds.has('administer')) return true
  if (!deeds.has('write') && !deeds.has('delete') && !deeds.has('send')) return false
  if (!words.some((word) => PEOPLE.test(word)) || words.some((word) => ABOUT_PEOPLE.test(word))) return false
  return !deeds.has('send') || words.some((word) => /^(?:invite|share)$/.test(word))
}
