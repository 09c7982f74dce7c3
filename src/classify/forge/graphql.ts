import type { Action } from '../../core/actions.ts'
import { textIn, type ForgeAct, type ForgeInput } from './forge-act.ts'

/** What mutations of both forges do. */
const MUTATIONS: Readonly<Record<string, readonly Action[]>> = {
  addComment: ['issue.write', 'pr.comment'],
  addLabelsToLabelable: ['issue.write'],
  addPullRequestReview: ['pr.approve', 'pr.comment'],
  addPullRequestReviewComment: ['pr.comment'],
  addPullRequestReviewThread: ['pr.comment'],
  addPullRequestReviewThreadReply: ['pr.comment'],
  closeIssue: ['issue.write'],
  closePullRequest: ['pr.close'],
  convertPullRequestToDraft: ['pr.update'],
  createBranchProtectionRule: ['repo.configure'],
  createIssue: ['issue.write'],
  createNote: ['issue.write', 'pr.comment'],
  createPullRequest: ['pr.open'],
  createRepository: ['repo.create'],
  deleteBranchProtectionRule: ['repo.configure', 'control.weaken'],
  disablePullRequestAutoMerge: ['pr.update'],
  enablePullRequestAutoMerge: ['pr.merge'],
  enqueuePullRequest: ['pr.merge'],
  issueSetConfidential: ['issue.write'],
  markPullRequestReadyForReview: ['pr.ready'],
  mergePullRequest: ['pr.merge'],
  mergeRequestAccept: ['pr.merge'],
  mergeRequestCreate: ['pr.open'],
  mergeRequestSetDraft: ['pr.ready', 'pr.update'],
  mergeRequestSetLabels: ['pr.update'],
  mergeRequestUpdate: ['pr.update', 'pr.close'],
  reopenIssue: ['issue.write'],
  reopenPullRequest: ['pr.update'],
  requestReviews: ['pr.update'],
  resolveReviewThread: ['pr.comment'],
  submitPullRequestReview: ['pr.approve', 'pr.comment'],
  updateIssue: ['issue.write'],
  updatePullRequest: ['pr.update', 'pr.close'],
}

/** Mutations of branches. */
const PUSHES: Readonly<Record<string, readonly Action[]>> = {
  createCommitOnBranch: ['git.push'],
  createRef: ['git.push'],
  updateRef: ['git.push', 'git.rewrite'],
  updateRefs: ['git.push', 'git.rewrite'],
  deleteRef: ['git.push', 'git.delete'],
  mergeBranch: ['git.push'],
  commitCreate: ['git.push'],
}

/**
 * A document of GraphQL. It names what it acts on by ids that say nothing here, so that a mutation is opaque, but what it
 * does is read from its fields.
 */
export function readGraphql(body: ForgeInput): readonly ForgeAct[] {
  const query = textIn(body, 'query')
  const fields = query === undefined ? undefined : mutationFields(query)
  if (fields === undefined)
    return [{ actions: ['repo.configure'], object: { on: 'repository' }, opaque: true }]
  if (fields.length === 0) return [{ actions: ['repo.read'], object: { on: 'repository' } }]
  return fields.map((field): ForgeAct => {
    const pushed = Object.hasOwn(PUSHES, field) ? PUSHES[field] : undefined
    if (pushed !== undefined) {
      return { actions: pushed, object: { on: 'branch', name: undefined }, paths: 'unknown' }
    }
    const actions = (Object.hasOwn(MUTATIONS, field) ? MUTATIONS[field] : undefined) ?? ['repo.configure']
    const request = actions.every((action) => action.startsWith('pr.') && action !== 'pr.open')
    return {
      actions,
      object: request ? { on: 'pull-request', number: undefined } : { on: 'repository' },
      opaque: true,
    }
  })
}

const TOKEN =
  /"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|\.{3}|[{}()[\]:!=|@$&]|[_A-Za-z]\w*|-?[\d.eE+-]+|[\s,\uFEFF]+/y

/** Fields at the top of every mutation; none for queries. `undefined` = it is not read. */
function mutationFields(query: string): readonly string[] | undefined {
  const tokens = tokensOf(query)
  if (tokens === undefined) return undefined
  const fields: string[] = []
  let [depth, round] = [0, 0]
  let mutation = false
  for (const [at, token] of tokens.entries()) {
    if (/^[([]$/.test(token)) round += 1
    else if (/^[)\]]$/.test(token)) round -= 1
    else if (round === 0 && token === '{') depth += 1
    else if (round === 0 && token === '}') {
      depth -= 1
      if (depth === 0) mutation = false
    } else if (round > 0) continue
    else if (depth === 0) {
      if (token === 'subscription') return undefined
      if (token === 'mutation' && (at === 0 || tokens[at - 1] === '}')) mutation = true
    } else if (depth === 1 && mutation) {
      if (token === '...') return undefined
      // `alias: field`; directives are not fields.
      if (/^[_A-Za-z]/.test(token) && tokens[at + 1] !== ':' && tokens[at - 1] !== '@') fields.push(token)
    }
    if (depth < 0 || round < 0) return undefined
  }
  return depth === 0 && round === 0 ? fields : undefined
}

function tokensOf(query: string): readonly string[] | undefined {
  if (query.length > 65_536) return undefined
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < query.length) {
    const [token] = TOKEN.exec(query) ?? []
    if (token === undefined) return undefined
    if (!/^[\s,#\uFEFF]/.test(token)) tokens.push(token)
  }
  return tokens
}
