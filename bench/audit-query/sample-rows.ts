import { AT, decisionRecord, outcomeRecord } from '../../test/suites/sample-records.ts'

const SECOND = 1_000
const EFFECTS = [...Array.from({ length: 7 }, () => 'allow' as const), 'consent', 'deny', 'deny'] as const

export interface SampleRow {
  readonly index: number
  readonly body: string
  readonly kind: 'decision' | 'outcome'
  readonly thing: string
  readonly task: string
  readonly human: string
  /** Absent at outcomes. */
  readonly detail?: string
}

/** Decisions and outcomes of 100 calls a task, 50 humans, 10 servers and 40 rules. */
export function sampleRow(index: number): SampleRow {
  const call = Math.floor(index / 2)
  const [thing, task, human] = [`dec_${call}`, `tsk_${Math.floor(index / 200)}`, `human-${call % 50}`]
  const chain = [`tsk_${Math.floor(index / 2_000)}`, task]
  const common = { at: new Date(AT + index * SECOND).toISOString() }
  if (index % 2 === 1) {
    const { envelope } = outcomeRecord({ id: thing, task })
    const body = JSON.stringify({ ...envelope, ...common, identity: { ...envelope.identity, human, chain } })
    return { index, body, kind: 'outcome', thing, task, human }
  }
  const { envelope, detail } = decisionRecord({ id: thing, task })
  const labels = call % 20 === 0 ? ['secret'] : ['source']
  const body = JSON.stringify({
    ...envelope,
    ...common,
    identity: { ...envelope.identity, human, chain },
    call: { ...envelope.call, server: `server-${call % 10}`, tool: `tool-${call % 70}` },
    operations: envelope.operations?.map((each) => ({ ...each, labels })),
    decision: { ...envelope.decision, effect: EFFECTS[call % 10], policies: [`rule-${call % 40}`] },
  })
  const operations = detail?.operations?.map((each) => ({
    ...each,
    resource: { ...each.resource, id: `/work/repo/src/d${call % 97}/f${call % 5_000}.ts` },
  }))
  return {
    index,
    body,
    kind: 'decision',
    thing,
    task,
    human,
    detail: JSON.stringify({ ...detail, operations }),
  }
}
