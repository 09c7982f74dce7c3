import type { Approval } from '../../src/core/approval.ts'
import { DEFAULT_TENANT, type HumanId } from '../../src/core/ids.ts'
import type { Human } from '../../src/core/identity.ts'
import type { AdministrationDeps } from '../../src/gate/administration-deps.ts'
import { createAdministration } from '../../src/gate/create-administration.ts'
import { createGate } from '../../src/gate/create-gate.ts'
import { GateEvents } from '../../src/gate/gate-events.ts'
import type { Store } from '../../src/store/store.ts'
import { compilerOf, packTexts } from '../policy/compiled.ts'
import { PACK } from '../policy/samples.ts'
import { byAlice, type GateHarness, mona, NEVER } from '../support/gate-harness.ts'

const VOTERS: readonly Human[] = ['mona', 'nora', 'nina', 'nils', 'noah'].map((id) => ({
  ...mona,
  id: id as HumanId,
}))

export interface VoteRace {
  /** What each of the five got back, in words: the state, or the code of the error. */
  readonly answers: readonly string[]
  readonly approval: Approval | undefined
  /** Kinds of records of the request, oldest first. */
  readonly kinds: readonly string[]
}

/**
 * Five people answer one request at the same instant, at two replicas in turn; who has the name `refuses` refuses.
 * @param quorum of different people who have to agree.
 */
export async function raceVotes(
  harness: GateHarness,
  stores: readonly [Store, Store],
  { quorum, refuses }: { readonly quorum: number; readonly refuses?: string },
): Promise<VoteRace> {
  harness.humans = [byAlice.human, ...VOTERS]
  harness.policies = withQuorum(quorum)
  const replicas = stores.map((store) => depsOver(harness, store))
  const [first = harness.deps] = replicas
  const administrations = replicas.map(createAdministration)
  const { token } = await createAdministration(first).createTask(byAlice, {
    workflow: 'fix-tests',
    intent: 'mend the tests',
    workspace: harness.workspace,
  })
  const gate = createGate(first)
  const caller = { ...(await gate.identify(token)), holderBound: true }
  const verdict = await gate.authorize(caller, harness.write('.github/workflows/ci.yml'), NEVER)
  if (verdict.effect !== 'consent') throw new Error(`expected consent, got ${verdict.effect}`)
  const { id } = verdict.approval
  const answers = await Promise.all(
    VOTERS.map(async (human, at) => {
      const actor = { human, credential: 'approver', reach: 'all' } as const
      const administration = administrations[at % 2]
      const answer =
        human.id === refuses
          ? administration?.refuse(actor, id, 'no')
          : administration?.approve(actor, id, {})
      return answer?.then(
        ({ state }) => state,
        (thrown: { readonly code?: string }) => thrown.code ?? 'no code',
      )
    }),
  )
  const records = await first.records.query({ tenant: DEFAULT_TENANT, id, limit: 20 })
  return {
    answers: answers.map(String),
    approval: await first.approvals.get(DEFAULT_TENANT, id),
    kinds: records.map(({ envelope }) => envelope.kind).toReversed(),
  }
}

function withQuorum(quorum: number) {
  const rule = '@consent_by("maintainer")'
  const texts = packTexts(PACK).map(({ file, text }) => ({
    file,
    text: text.replace(rule, `${rule}\n@quorum("${quorum}")`),
  }))
  return compilerOf(texts)()
}

function depsOver({ deps }: GateHarness, store: Store): AdministrationDeps {
  const { tasks, approvals, grants, records, journal } = store
  return { ...deps, tasks, approvals, grants, records, journal, events: new GateEvents() }
}
