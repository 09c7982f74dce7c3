import { distinctiveStrings } from '../approvals/distinctive-strings.ts'
import type { Origin, Provenance } from '../approvals/provenance-lines.ts'
import type { Task, TaskChain } from '../core/identity.ts'
import { AnswerSearch } from './answer-search.ts'
import type { ConsideredCall } from './consider-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { rootOf } from './gather-facts.ts'
import { standsIn } from './stands-in.ts'

/** Answers read at once: few, since each may be of megabytes. */
const PAGE = 4
const MOST_TASKS = 16

type Needs = Pick<GateDeps, 'records' | 'tasks' | 'clock' | 'log' | 'replayed'>
type Asked = Pick<ConsideredCall, 'caller' | 'call' | 'classification' | 'redacted'>

/**
 * Where the telling texts of a call that asks for consent were met before: in the intents of its chain, and in what its
 * tree of tasks was answered, as far as that is kept in the ledger. Never rejects: the prompt says what was not searched.
 * Undefined = nobody keeps records, or nothing of the arguments can be looked for.
 */
export async function findProvenance(deps: Needs, asked: Asked): Promise<Provenance | undefined> {
  const { caller, redacted } = asked
  if (deps.records === undefined || deps.replayed === true || !redacted.complete) return undefined
  const { workspace } = caller.chain.task
  const { texts, left, cut } = distinctiveStrings(redacted.arguments, {
    commands: commandsOf(asked),
    ...(workspace === undefined ? {} : { workspace }),
  })
  if (texts.length === 0 && left === 0 && !cut) return undefined
  const sought = texts.map((text) => ({ text, needle: text.toLowerCase() }))
  const search = new AnswerSearch(
    sought.map(({ needle }) => needle),
    () => deps.clock.micros(),
  )
  let failed = false
  try {
    await searchTree({ ...deps, records: deps.records }, caller.chain, search)
  } catch (error) {
    failed = true
    deps.log.log('warn', 'provenance.unread', { error: error instanceof Error ? error.message : 'unknown' })
  }
  const origins = sought.map(({ text, needle }) => originOf(text, needle, { chain: caller.chain, search }))
  return {
    origins,
    left,
    ...(cut ? { cut } : {}),
    answers: search.searched.length,
    unkept: search.unkept,
    more: search.more,
    ...(failed ? { failed } : {}),
  }
}

function commandsOf({ classification }: Asked): ReadonlySet<string> {
  const inText = classification.operations.filter(
    ({ action, origin }) => origin.span !== undefined && !action.startsWith('data.'),
  )
  return new Set(inText.map(({ origin }) => origin.pointer))
}

/** The task’s own answers first, then those of the tasks above it, then of the others. */
async function searchTree(
  deps: Needs & { readonly records: NonNullable<Needs['records']> },
  chain: TaskChain,
  search: AnswerSearch,
): Promise<void> {
  const { tasks, more } = await tasksOf(deps, chain)
  search.more ||= more
  for (const task of tasks) {
    let before: number | undefined
    for (;;) {
      if (search.isFull) {
        search.more = true
        return
      }
      const page = await deps.records.query({
        tenant: chain.task.tenant,
        task: task.id,
        kind: 'outcome',
        ...(before === undefined ? {} : { before }),
        limit: PAGE,
      })
      for (const record of page) if (!search.isFull) search.take(record)
      before = page.at(-1)?.index
      if (page.length < PAGE) break
    }
  }
}

async function tasksOf(
  { tasks }: Needs,
  chain: TaskChain,
): Promise<{ readonly tasks: readonly Task[]; readonly more: boolean }> {
  const known = new Map([chain.task, ...chain.ancestors].map((task) => [task.id, task]))
  const open: Task[] = [rootOf(chain)]
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    if (known.size > MOST_TASKS) break
    for (const child of await tasks.children(at.tenant, at.id)) {
      if (!known.has(child.id)) known.set(child.id, child)
      open.push(child)
    }
  }
  const all = [...known.values()]
  return { tasks: all.slice(0, MOST_TASKS), more: all.length > MOST_TASKS }
}

function originOf(
  text: string,
  needle: string,
  { chain, search }: { readonly chain: TaskChain; readonly search: AnswerSearch },
): Origin {
  const intent = intentWith(chain, needle)
  const record = search.oldest.get(needle)
  const { call, identity } = record?.envelope ?? {}
  return {
    text,
    ...(intent === undefined ? {} : { intent }),
    ...(record === undefined || call === undefined
      ? {}
      : {
          answer: {
            server: call.server,
            tool: call.tool,
            labels: record.detail?.inspection?.labels ?? [],
            ago: search.searched.filter((index) => index > record.index).length + 1,
            ...(identity === undefined || identity.task === chain.task.id ? {} : { task: identity.task }),
          },
        }),
  }
}

function intentWith({ task, ancestors }: TaskChain, needle: string): Origin['intent'] {
  const holders = [task, ...ancestors].filter(({ intent }) => standsIn(intent.toLowerCase(), needle))
  if (holders.length === 0) return undefined
  return holders.some(({ origin }) => origin === 'human-session') ? 'human' : 'claim'
}
