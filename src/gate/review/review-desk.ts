import { canonicalJson } from '../../core/canonical-json.ts'
import { RemitError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import { isAdmin } from '../../core/roles.ts'
import { adminRecord } from '../admin-records.ts'
import type { Actor } from '../administration.ts'
import { requireHuman } from '../require-admin.ts'
import { type GatherDeps, type Gathered, gatherReview, partMark } from './gather-review.ts'
import { surfaceKey } from './look-at-surface.ts'
import { isSettled, type Mark, REVIEW_SECTIONS, type ReviewItem, type ReviewSection } from './review-item.ts'
import { firstRecord, lastSignOff, readMarks, reviewState } from './review-records.ts'
import type { MarksByItem, ReviewAnswer, ReviewReport, ReviewSettings, ReviewState } from './review-report.ts'

export interface ReviewDeps extends GatherDeps {
  readonly review: ReviewSettings
}

/** Listed of one section; the others are counted. */
const MOST_ITEMS = 100
/** How long a report is shown to who asks for no newer one, in milliseconds. */
const FRESH = 300_000
/** How long somebody who asks is held for one that is nearly ready. */
const PATIENCE = 1_500
const KEPT = 5

interface Made {
  readonly report: ReviewReport
  /** Marks of the parts of the surface that there were. */
  readonly surface: readonly string[]
}

/** Makes reports in the background, one at a time, and takes what people say of them: marks and sign-offs. */
export class ReviewDesk {
  readonly #deps: ReviewDeps
  #made: readonly Made[] = []
  #running: { promise: Promise<void>; looked: number; readonly of: number } | undefined
  #failed: Error | undefined

  constructor(deps: ReviewDeps) {
    this.#deps = deps
  }

  state(): Promise<ReviewState> {
    const { records, settings, review, clock } = this.#deps
    return reviewState(records, settings.tenant, { settings: review, now: clock.now() })
  }

  /**
   * The newest report, after a short wait for one that is being made.
   * @param fresh make another one first.
   */
  async answer({ fresh }: { readonly fresh: boolean }): Promise<ReviewAnswer> {
    const newest = this.#made[0]?.report
    const stale = newest === undefined || this.#deps.clock.now() - newest.made > FRESH
    if ((fresh || stale) && this.#running === undefined) await this.#start()
    const running = this.#running
    if (running !== undefined) await Promise.race([running.promise, patience()])
    const failed = this.#failed
    this.#failed = undefined
    if (failed !== undefined) throw failed
    const report = this.#made[0]?.report
    const { looked, of } = this.#running ?? {}
    return {
      state: await this.state(),
      ...(report === undefined ? {} : { report: await this.#marked(report) }),
      ...(looked === undefined || of === undefined ? {} : { running: { looked, of } }),
    }
  }

  /** @throws RemitError `role_missing`, `not_found` for an item of no report. */
  async mark(
    actor: Actor,
    wish: { readonly item: string; readonly mark: Mark; readonly until?: number; readonly comment: string },
  ): Promise<void> {
    requireHuman(actor, 'marking an item of a review')
    const item = this.#made.flatMap(({ report }) => report.items).find(({ id }) => id === wish.item)
    if (item === undefined)
      throw new RemitError(
        'not_found',
        `no item \`${wish.item}\` in the newest reviews; see \`remit review\``,
      )
    const { mark, until, comment } = wish
    await this.#record(actor, 'review.marked', {
      data: { item: item.id, section: item.section, mark, ...(until === undefined ? {} : { until }) },
      detail: { comment },
    })
  }

  /**
   * Says that a report was looked at: by its digest, so that nobody signs what they have not seen.
   * @throws RemitError `role_missing` for anybody but the owner, `review_changed` for a digest of no recent report.
   */
  async signOff(
    actor: Actor,
    { digest, comment }: { readonly digest: string; readonly comment: string },
  ): Promise<ReviewState> {
    requireHuman(actor, 'signing off a review')
    this.#requireOwner(actor)
    const made = this.#made.find(({ report }) => report.digest === digest)
    if (made === undefined)
      throw new RemitError(
        'review_changed',
        'this is none of the newest reports; look at the newest and sign that: `remit review`',
      )
    const { report, surface } = made
    const { items } = await this.#marked(report)
    const open = items.filter(({ settled }) => !settled).length
    const { from, until, looked, decisions, whole, more } = report
    await this.#record(actor, 'review.signed', {
      data: { digest, from, until, looked, decisions, whole, items: items.length, open, more: { ...more } },
      detail: { comment, data: { items, surface } as unknown as Json },
    })
    // It is done: whoever looks again sees what came since.
    this.#made = []
    return this.state()
  }

  #requireOwner({ human }: Actor): void {
    const { owner } = this.#deps.review
    if (owner === undefined ? isAdmin(human) : human.id === owner) return
    throw new RemitError(
      'role_missing',
      owner === undefined
        ? `signing off a review is for admins, since \`review.owner\` names nobody; \`${human.id}\` is none`
        : `signing off a review is for its owner \`${owner}\` (\`review.owner\`)`,
    )
  }

  async #record(
    actor: Actor,
    kind: 'review.marked' | 'review.signed',
    { data, detail }: Pick<Parameters<typeof adminRecord>[1], 'data' | 'detail'>,
  ): Promise<void> {
    const { settings, clock, entropy, journal } = this.#deps
    const id = newId('rvw', entropy.bytes(16))
    const record = adminRecord(settings, {
      kind,
      id,
      at: clock.now(),
      actor: actor.human.id,
      ...(data === undefined ? {} : { data }),
      ...(detail === undefined ? {} : { detail }),
    })
    await journal.commit({ records: [record], changes: [] })
  }

  async #start(): Promise<void> {
    const { records, settings, clock } = this.#deps
    const { tenant } = settings
    const started = performance.now()
    const last = await lastSignOff(records, tenant)
    const { size } = await records.head(tenant)
    const after = last?.record.index ?? -1
    const from = last?.signed.at ?? (await firstRecord(records, tenant)) ?? clock.now()
    if (this.#running !== undefined) return
    const running = { looked: 0, of: Math.max(0, size - 1 - after), promise: Promise.resolve() }
    this.#running = running
    const until = clock.now()
    const known = knownParts(last?.record.detail?.data)
    const looked = (count: number): void => {
      running.looked = count
    }
    const make = async (): Promise<void> => {
      try {
        const gathered = await gatherReview(this.#deps, { from, until, after, known, looked })
        const took = Math.round(performance.now() - started)
        this.#made = [this.#reportOf(gathered, { from, until, took }), ...this.#made].slice(0, KEPT)
      } catch (error) {
        this.#failed = error instanceof Error ? error : new Error(String(error))
      }
      this.#running = undefined
    }
    running.promise = make()
  }

  #reportOf(
    { findings, parts, looked, decisions, whole }: Gathered,
    when: { readonly from: number; readonly until: number; readonly took: number },
  ): Made {
    const { sha256 } = this.#deps
    const more: Partial<Record<ReviewSection, number>> = {}
    const items = REVIEW_SECTIONS.flatMap((section) => {
      const own = findings.filter((finding) => finding.section === section)
      if (own.length > MOST_ITEMS) more[section] = own.length - MOST_ITEMS
      return own.slice(0, MOST_ITEMS).map((finding): ReviewItem => {
        const id = `rvi_${sha256(`${section} ${finding.key}`).slice(0, 16)}`
        return { ...finding, id, settled: false }
      })
    })
    const { from, until, took } = when
    const digest = sha256(canonicalJson({ from, items, more } as unknown as Json))
    const report = { digest, made: until, from, until, looked, decisions, whole, items, more, took }
    return { report, surface: parts.map((part) => partMark(this.#deps, surfaceKey(part))) }
  }

  /** With what people said of its items since. */
  async #marked(report: ReviewReport): Promise<ReviewReport> {
    const { records, settings, clock } = this.#deps
    const marks: MarksByItem = await readMarks(records, settings.tenant)
    const now = clock.now()
    const items = report.items.map((item) => {
      const mark = marks.get(item.id)
      return { ...item, ...(mark === undefined ? {} : { mark }), settled: isSettled(item, mark, now) }
    })
    return { ...report, items }
  }
}

function knownParts(data: Json | undefined): ReadonlySet<string> | undefined {
  const surface = (data as { readonly surface?: unknown } | undefined)?.surface
  return Array.isArray(surface) ? new Set(surface.map(String)) : undefined
}

async function patience(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, PATIENCE).unref()
  })
}
