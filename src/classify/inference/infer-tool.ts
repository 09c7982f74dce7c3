import type { Action } from '../../core/actions.ts'
import type { ToolDefinition } from '../../core/tool-call.ts'
import { foldText } from '../fold-name.ts'
import { readSchema, type SchemaSigns } from './read-schema.ts'
import { deedsOfDescription } from './read-description.ts'
import { deedsOfName, splitWords, type Deed } from './words.ts'

export type DescribedTool = Pick<ToolDefinition, 'name'> &
  Partial<Pick<ToolDefinition, 'description' | 'inputSchema' | 'annotations'>>

/** What a tool that nobody described would do, by its own words: taken for true only where they make it worse. */
export interface InferredTool {
  /** Never empty; the reading one alone only if name, arguments and description agree on it. */
  readonly actions: readonly Action[]
  readonly deeds: ReadonlySet<Deed>
  /** False = its words say nothing, or deceive: it could do anything. */
  readonly understood: boolean
}

/** @param definition as the upstream gives it. Pure; the same definition gives the same answer. */
export function inferTool(definition: DescribedTool): InferredTool {
  const folded = foldText(definition.name)
  const disguised = folded !== definition.name.toLowerCase() || /[^\x20-\x7e]/.test(definition.name)
  const words = splitWords(disguised ? folded : definition.name)
  const schema = readSchema(definition.inputSchema)
  const description = deedsOfDescription(definition.description ?? '')
  const named = deedsOfName(words)
  const deeds = new Set<Deed>([...named, ...schema.methods, ...description.all])
  // Words of reading at the head of the description stand in for a name that has no verb.
  const reads = named.has('read') || (named.size === 0 && description.lead.includes('read'))
  addSigns(deeds, schema, reads)
  addAnnotations(deeds, definition.annotations)
  const understood = !disguised && deeds.size > 0
  if (!reads && [...deeds].every((deed) => deed === 'read')) deeds.add('write')
  const text = `${words.join(' ')} ${splitWords(firstSentence(definition.description)).join(' ')}`
  return { actions: actionsOf(deeds, { words, text, schema }), deeds, understood }
}

function addSigns(deeds: Set<Deed>, schema: SchemaSigns, reads: boolean): void {
  // The body of a message is what is sent, and kept nowhere else.
  if (schema.content && !deeds.has('send')) deeds.add('write')
  if (schema.command) deeds.add('execute')
  if (schema.recipient && (deeds.has('write') || schema.content)) deeds.add('send')
  if (schema.amount && !reads && (deeds.has('send') || deeds.has('write'))) deeds.add('pay')
}

/** The server’s own hints make it worse, never better: nobody vouches for them. */
function addAnnotations(deeds: Set<Deed>, annotations: ToolDefinitionAnnotations): void {
  if (annotations?.['destructiveHint'] === true) deeds.add('delete')
  if (annotations?.['readOnlyHint'] === false && [...deeds].every((deed) => deed === 'read'))
    deeds.add('write')
}

type ToolDefinitionAnnotations = ToolDefinition['annotations']

function firstSentence(description: string | undefined): string {
  return /^[^.\n]{0,300}/.exec(description ?? '')?.[0] ?? ''
}

interface Subject {
  readonly words: readonly string[]
  readonly text: string
  readonly schema: SchemaSigns
}

const SUBJECTS: readonly {
  readonly about: RegExp
  readonly write: Action
  readonly delete: Action
  readonly execute: Action
}[] = [
  {
    about: /\b(?:pull request|merge request|pr|mr)s?\b/,
    write: 'pr.update',
    delete: 'data.delete',
    execute: 'ci.run',
  },
  { about: /\bissues?\b/, write: 'issue.write', delete: 'data.delete', execute: 'code.execute' },
  {
    about: /\b(?:workflow|pipeline|build|job)s?\b.*|.*\bci\b/,
    write: 'ci.run',
    delete: 'data.delete',
    execute: 'ci.run',
  },
  {
    about:
      /\b(?:pod|node|namespace|cluster|helm|vm|virtual ?machine|deployment|configmap|kubernetes|kube|container|terraform|stack|bucket|istio|ingress|statefulset|daemonset|instance|droplet|ec|lambda)s?\b/,
    write: 'infra.write',
    delete: 'infra.delete',
    execute: 'infra.execute',
  },
  { about: /\bbrowser\b/, write: 'browser.act', delete: 'data.delete', execute: 'code.execute' },
]
const PLAIN = { write: 'data.write', delete: 'data.delete', execute: 'code.execute' } as const
const PEOPLE =
  /^(?:users?|members?|collaborators?|permissions?|roles?|access|passwords?|credentials?|accounts?|admins?|owners?|teams?|sso|mfa|webhooks?|visibility|protection)$/
const SECRETS = /^(?:secrets?|passwords?|credentials?|apikeys?|keyvault|vault)$/
const MISSIVES = /^(?:messages?|e?mails?|sms|tweets?|dms?|chats?|threads?)$/
const WRITING = /^(?:post|reply|write|create|compose|forward|respond|publish|submit)$/
const BUYING = /^(?:place|submit|checkout|buy|confirm)$/
const MONEY = /^(?:money|payments?|transactions?|funds?|payouts?|invoices?|orders?)$/

function actionsOf(deeds: ReadonlySet<Deed>, { words, text, schema }: Subject): readonly Action[] {
  const subject = SUBJECTS.find(({ about }) => about.test(text)) ?? PLAIN
  const actions = new Set<Action>()
  const about = (nouns: RegExp) => words.some((word) => nouns.test(word))
  const changes = deeds.has('write') || deeds.has('delete') || deeds.has('send')
  if (deeds.has('write')) actions.add(subject.write)
  if (deeds.has('delete')) actions.add(subject.delete)
  if (deeds.has('execute')) actions.add(subject.execute)
  const pays =
    deeds.has('pay') || (changes && about(MONEY) && (schema.amount || deeds.has('send') || about(BUYING)))
  if (pays || (changes && about(/^(?:cart|basket)$/) && about(BUYING))) actions.add('money.send')
  else if (deeds.has('send') || (changes && about(MISSIVES) && about(WRITING))) actions.add('message.send')
  if (deeds.has('publish')) actions.add('release.publish')
  if (deeds.has('deploy')) actions.add('deploy.run')
  if (deeds.has('merge')) actions.add('pr.merge')
  if (deeds.has('delegate') || (deeds.has('write') && about(/^(?:copilot|subagent|agents?)$/)))
    actions.add('agent.delegate')
  if (
    deeds.has('administer') ||
    (changes && about(PEOPLE) && (!deeds.has('send') || about(/^(?:invite|share)$/)))
  )
    actions.add('account.administer')
  if (
    about(SECRETS) &&
    deeds.has('read') &&
    words.some((word) => /^(?:get|read|fetch|retrieve|show|view|reveal|dump)$/.test(word))
  ) {
    actions.add('secret.read')
  }
  if (deeds.has('read')) actions.add('data.read')
  if (actions.size === 0) actions.add('data.write')
  return [...actions]
}
