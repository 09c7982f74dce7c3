import { parseQuery } from '../../core/audit-query/parse-query.ts'
import { MOST_VIEWS, type SavedView, VIEW_NAME } from '../../core/audit-query/saved-view.ts'
import { RemitError } from '../../core/errors.ts'
import type { HumanId } from '../../core/ids.ts'
import { isAdmin } from '../../core/roles.ts'
import type { Actor } from '../administration.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { ADMINS, requireHuman } from '../require-admin.ts'
import { keptViews, putView, removeKeptView, type ViewStore } from './kept-views.ts'
import { viewRecord } from './view-record.ts'

type Deps = Pick<AdministrationDeps, 'settings' | 'clock' | 'entropy' | 'journal' | 'sha256'> & {
  readonly views: ViewStore
}

export interface ViewWish {
  readonly name: string
  readonly query: string
  readonly shared: boolean
}

/** Views of the tenant that a human keeps for themselves or shares. */
export interface ViewKeeper {
  /** The actor’s own, and those that others share: by whose they are, and name. */
  list(actor: Actor): Promise<readonly SavedView[]>
  /**
   * In place of what the actor keeps under this name.
   * @throws RemitError `role_missing`; `input_invalid` for a name, or for a query, whose column it names.
   */
  save(actor: Actor, wish: ViewWish): Promise<SavedView>
  /** One’s own, or as an admin what somebody shares. @throws RemitError `role_missing`, `not_found`. */
  remove(actor: Actor, view: { readonly human: HumanId; readonly name: string }): Promise<SavedView>
}

export function createViews(deps: Deps): ViewKeeper {
  const { tenant } = deps.settings
  const list = async (actor: Actor): Promise<readonly SavedView[]> => {
    const views = await keptViews(deps.views, tenant)
    return views
      .filter(({ human, shared }) => shared || human === actor.human.id)
      .toSorted((a, b) => a.human.localeCompare(b.human, 'en') || a.name.localeCompare(b.name, 'en'))
  }
  return {
    list,
    save: (actor, wish) => saveView(deps, actor, wish),
    remove: async (actor, view) => removeView(deps, actor, view, await list(actor)),
  }
}

async function saveView(deps: Deps, actor: Actor, { name, query, shared }: ViewWish): Promise<SavedView> {
  requireHuman(actor, 'saving a view')
  if (!VIEW_NAME.test(name)) {
    throw new RemitError(
      'input_invalid',
      '`name` is not accepted: up to 64 letters, digits, spaces and `.`, `_`, `-`, beginning with a letter or digit',
    )
  }
  const at = deps.clock.now()
  parseQuery(query, at)
  const { tenant } = deps.settings
  const human = actor.human.id
  const own = (await keptViews(deps.views, tenant)).filter((view) => view.human === human)
  const changed = own.some((view) => view.name === name)
  if (!changed && own.length >= MOST_VIEWS) {
    throw new RemitError('input_invalid', `you keep ${MOST_VIEWS} views, which is the most; remove one`)
  }
  const view = { tenant, human, name, query, shared, at }
  await deps.journal.commit({
    records: [viewRecord(deps, human, view, { kind: 'view.saved', changed })],
    changes: [putView(view, deps.sha256)],
  })
  return view
}

async function removeView(
  deps: Deps,
  actor: Actor,
  { human, name }: { readonly human: HumanId; readonly name: string },
  seen: readonly SavedView[],
): Promise<SavedView> {
  requireHuman(actor, 'removing a view')
  const nothing = new RemitError('not_found', `there is no view \`${name}\` of \`${human}\` that you can see`)
  const view = seen.find((each) => each.human === human && each.name === name)
  if (view === undefined) throw nothing
  if (human !== actor.human.id && !isAdmin(actor.human)) {
    throw new RemitError('role_missing', `removing what somebody else shares is for humans with ${ADMINS}`)
  }
  const outcome = await deps.journal.commit({
    records: [viewRecord(deps, actor.human.id, view, { kind: 'view.removed' })],
    changes: [removeKeptView(deps.settings.tenant, view, deps.sha256)],
  })
  if (outcome === 'conflict') throw nothing
  return view
}
