import type { Action } from '../core/actions.ts'
import { chanceOf } from './chance-of-policy.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import { listContext } from './context.ts'
import { actionUid, chainEntities, RequestEntities, resourceEntity } from './entities.ts'
import type { Entity } from './evaluation.ts'
import type { PolicyIndex } from './index-policies.ts'
import type { Visibility, VisibilityRequest } from './policy-set.ts'
import { UNKNOWN } from './values.ts'

/** What a list is asked about apart from its tools: the same for all of them, or nearly. */
type Listing = Pick<VisibilityRequest, 'chain' | 'human' | 'facts'>

interface KnownListing {
  readonly listing: Listing
  readonly byAction: Map<Action, Visibility>
  /** The call itself, for all tools of a server that the same policies are about. */
  readonly calls: KnownCall[]
}

interface KnownCall {
  readonly server: string
  readonly policies: readonly CompiledPolicy[]
  readonly visibility: Visibility
}

/** Lists in which some tools are pinned and some not alternate between few sets of facts. */
const MOST_LISTINGS = 4

/**
 * Whether a list should show a tool: policy evaluated with everything unknown that only a call would show
 * (arguments, and so resources, labels, what is outside the scope, approvals). `never` is certain: no permit
 * can hold, or a hard forbid holds whatever the arguments are. Doubt is `maybe`.
 */
export class ToolVisibility {
  readonly #index: PolicyIndex
  /** Answers that hold for every tool of a list, so that a long list costs little more than a short one. */
  readonly #known = new WeakMap<object, KnownListing[]>()

  constructor(index: PolicyIndex) {
    this.#index = index
  }

  /** Never throws: a tool that cannot be judged is not shown. */
  of(request: VisibilityRequest): Visibility {
    try {
      return this.#visibilityOf(request)
    } catch {
      return 'never'
    }
  }

  #visibilityOf(request: VisibilityRequest): Visibility {
    const call = this.#ofCall(request)
    if (call === 'never') return 'never'
    const others = request.actions
      .filter((action) => action !== 'tool.call')
      .map((action) => this.#ofAction(request, action))
    if (others.length > 0 && others.every((other) => other === 'never')) return 'never'
    return [call, ...others].every((each) => each === 'always') ? 'always' : 'maybe'
  }

  /** The use itself, of a tool, prompt or resource that is known. */
  #ofCall(request: VisibilityRequest): Visibility {
    const { server, tool } = request
    const { action, type } = useOf(request.facts.kind)
    if (tool === undefined)
      return outlook(this.#index.ofAction(actionUid(action)), request, { action, server })
    const id = type === 'McpResource' ? tool : `${server}/${tool}`
    const resource = resourceEntity({ type, id, ancestors: [{ type: 'Server', id: server }] }, undefined)
    const policies: CompiledPolicy[] = []
    this.#index.visit(actionUid(action), resource, (policy) => policies.push(policy))
    const prospect = { action, resource, server, tool }
    if (policies.some((policy) => policy.tellsToolsApart)) return outlook(policies, request, prospect)
    const { calls } = this.#knownFor(request)
    const known = calls.find((call) => call.server === server && sameList(call.policies, policies))
    if (known !== undefined) return known.visibility
    const visibility = outlook(policies, request, prospect)
    calls.push({ server, policies, visibility })
    return visibility
  }

  /** What the call would do, to whatever resource: first without the tool's name, which is nearly always enough. */
  #ofAction(request: VisibilityRequest, action: Action): Visibility {
    const policies = this.#index.ofAction(actionUid(action))
    const known = this.#knownFor(request).byAction
    const general = known.get(action) ?? outlook(policies, request, { action })
    known.set(action, general)
    if (general !== 'maybe' || !policies.some((policy) => policy.readsTool)) return general
    return outlook(policies, request, { action, server: request.server, tool: request.tool })
  }

  #knownFor({ chain, human, facts }: VisibilityRequest): KnownListing {
    const listings = this.#known.get(chain) ?? []
    const found = listings.find(({ listing }) => listing.human === human && sameFacts(listing.facts, facts))
    if (found !== undefined) return found
    const made: KnownListing = { listing: { chain, human, facts }, byAction: new Map(), calls: [] }
    this.#known.set(chain, [made, ...listings].slice(0, MOST_LISTINGS))
    return made
  }
}

interface Use {
  readonly action: Action
  readonly type: 'Tool' | 'Prompt' | 'McpResource'
}

/** What a list is of. */
function useOf(kind: VisibilityRequest['facts']['kind']): Use {
  if (kind === 'prompt') return { action: 'prompt.get', type: 'Prompt' }
  if (kind === 'resource') return { action: 'resource.read', type: 'McpResource' }
  return { action: 'tool.call', type: 'Tool' }
}

function sameFacts(a: Listing['facts'], b: Listing['facts']): boolean {
  if (a === b) return true
  const names = Object.keys(a) as (keyof Listing['facts'])[]
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

function sameList(a: readonly CompiledPolicy[], b: readonly CompiledPolicy[]): boolean {
  return a.length === b.length && a.every((policy, at) => policy === b[at])
}

interface Prospect {
  readonly action: Action
  /** Absent = any resource at all. */
  readonly resource?: Entity
  /** Absent = any. */
  readonly server?: string
  readonly tool?: string | undefined
}

/** One action, for every task of the chain and its human: what one of them can never do, the call can never do. */
function outlook(policies: readonly CompiledPolicy[], listing: Listing, prospect: Prospect): Visibility {
  const { resource, server, tool } = prospect
  const fixed = chainEntities(listing.chain, listing.human)
  const shared = {
    action: actionUid(prospect.action),
    resource: resource?.uid ?? UNKNOWN,
    context: listContext(listing.facts, { server, tool }),
    entities: new RequestEntities(fixed, resource),
    absorbedUnknown: false,
  }
  const principals = fixed.slice(0, listing.chain.ancestors.length + 2)
  const outlooks = new Set(principals.map(({ uid }) => outlookOf(policies, { ...shared, principal: uid })))
  if (outlooks.has('never')) return 'never'
  return outlooks.has('maybe') ? 'maybe' : 'always'
}

function outlookOf(
  policies: readonly CompiledPolicy[],
  evaluation: Parameters<typeof chanceOf>[1],
): Visibility {
  let permitted = false
  let surely = false
  let refusable = false
  for (const policy of policies) {
    const chance = chanceOf(policy, evaluation)
    if (chance === 'no') continue
    if (policy.forbids) {
      const hard = policy.gate === undefined
      if (chance === 'yes' && hard) return 'never'
      // A gate is passable, but one that may be an error is a possible refusal.
      if (hard || chance === 'perhaps') refusable = true
    } else {
      permitted = true
      if (chance === 'yes') surely = true
    }
  }
  if (!permitted) return 'never'
  return surely && !refusable ? 'always' : 'maybe'
}
