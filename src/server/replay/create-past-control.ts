import { availableParallelism } from 'node:os'
import { newId } from '../../core/ids.ts'
import { RemitError } from '../../core/errors.ts'
import type { Actor, Administration } from '../../gate/administration.ts'
import type { PastAnswer, PastControl, ReplayWish } from '../../gate/replay/past-control.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import type { PolicySource } from '../../policy/parse-job.ts'
import { LINK_FILES } from '../../policy/read-pack.ts'
import type { Foundation } from '../open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from '../system-clock.ts'
import { bundleOfText } from './bundle-of-text.ts'
import type { PastOrder } from './past-job-thread.ts'
import { PastJobs } from './past-jobs.ts'
import type { SentPolicies } from './replay-work.ts'

/** One processor is left to the calls of agents. */
const THREADS = Math.max(1, Math.min(availableParallelism() - 1, 4))

export function createPastControl(
  { loaded, state, tenant, policies }: Pick<Foundation, 'loaded' | 'state' | 'tenant' | 'policies'>,
  administration: Pick<Administration, 'recordRead'>,
): PastControl {
  const jobs = new PastJobs(() => SYSTEM_CLOCK.now())
  const { store } = loaded.config
  const ledger = store === 'sqlite' ? { file: state.ledger } : { url: store }
  const start = async (actor: Actor, order: Pick<PastOrder, 'filter' | 'policies' | 'work'>) => {
    await administration.recordRead(actor, {})
    const of = { id: newId('pst', SYSTEM_ENTROPY.bytes(16)), owner: actor.human.id }
    return shown(actor, await jobs.start({ ...order, ledger, tenant, threads: THREADS }, of))
  }
  return {
    async replay(actor, { files, against, filter }) {
      jobs.requireFree()
      const current = policies.bundle()
      const candidate = await bundleOfText(sourcesOf(files), current.schemaText)
      const baseline = against === 'current' ? { baseline: sent(current) } : {}
      return start(actor, { filter, policies: sent(candidate), work: { kind: 'replay', ...baseline } })
    },
    async propose(actor, { workflow, filter, support }) {
      const work = { kind: 'propose', workflow, support } as const
      return start(actor, { filter, policies: sent(policies.bundle()), work })
    },
    look: async (actor, id) => shown(actor, await jobs.look({ id, owner: actor.human.id })),
  }
}

/** Whoever sees only that something was done is told by which tool, and not what to. */
function shown({ reach }: Actor, answer: PastAnswer): PastAnswer {
  if (reach !== 'bare') return answer
  const { proposal, report } = answer
  if (proposal !== undefined) throw new RemitError('not_found', `there is no \`${answer.id}\``)
  if (report === undefined) return answer
  const transitions = report.transitions.map((each) => ({
    ...each,
    examples: each.examples.map(({ index, id, at, task, human, tool }) => ({
      index,
      id,
      at,
      task,
      human,
      tool,
    })),
  }))
  return { ...answer, report: { ...report, transitions } }
}

/** As the files of a folder are read. @throws RemitError `policy_invalid`. */
function sourcesOf(files: ReplayWish['files']): readonly PolicySource[] {
  const named = files.map(({ name, text }) => ({ file: name, text }))
  const cedar = named
    .filter(({ file }) => !LINK_FILES.includes(file))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
  if (cedar.length === 0) throw new RemitError('policy_invalid', 'no .cedar file is given; give one')
  const links = named.filter(({ file }) => LINK_FILES.includes(file))
  return [...cedar, ...links.map((link) => ({ ...link, templates: cedar }))]
}

function sent({ parsed, schemaText }: PolicyBundle): SentPolicies {
  return { parsed, schemaText }
}
