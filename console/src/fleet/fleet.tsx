import { useState } from 'react'
import type { FleetAnswer } from '../../../src/api/fleet-contract.ts'
import { HOOK_STATES, type HookState } from '../../../src/core/fleet.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Choice } from '../parts/choice.tsx'
import { Live, Problem, Quiet } from '../parts/notes.tsx'
import { useFollowed } from '../use-followed.ts'
import { AgentRows } from './agent-rows.tsx'
import { arrangeFleet, choicesOf, type FleetFilter } from './arrange-fleet.ts'

const MOST = 1_000

/** Every agent that the gateway has heard of: where, in which version, and whether its hooks are heard. */
export function Fleet() {
  const [state, setState] = useState('')
  const { value, problem, ended } = useFollowed<FleetAnswer>(
    `/fleet?limit=${MOST}${state === '' ? '' : `&state=${state}`}`,
  )
  return (
    <div className="page">
      <div className="row head">
        <h1>Agents</h1>
        <Live live={value !== undefined && problem === undefined} />
      </div>
      <p className="quiet">
        Where coding agents work, in which version, and whether their hooks are heard, as each told it when it
        was last seen (to five minutes). What is to be mended stands first.
      </p>
      <Problem words={problem} ended={ended} />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      {value === undefined ? null : <Found answer={value} state={state} choose={setState} />}
    </div>
  )
}

function Found(props: {
  readonly answer: FleetAnswer
  readonly state: string
  readonly choose: (state: string) => void
}) {
  const { agents, counts, more } = props.answer
  const [filter, setFilter] = useState<FleetFilter>({ agent: '', machine: '' })
  const rows = arrangeFleet(agents, filter)
  const choices = choicesOf(agents)
  if (Object.values(counts).every((count) => count === 0)) return <Nobody />
  return (
    <>
      <form className="row filter" aria-label="Which agents">
        <Choice
          name="Hooks"
          value={props.state}
          of={HOOK_STATES}
          words={(each) => `${each} (${counts[each as HookState].toLocaleString()})`}
          choose={props.choose}
        />
        <Choice
          name="Agent"
          value={filter.agent}
          of={choices.agents}
          words={visibleText}
          choose={(agent) => setFilter({ ...filter, agent })}
        />
        <Choice
          name="Machine"
          value={filter.machine}
          of={choices.machines}
          words={visibleText}
          choose={(machine) => setFilter({ ...filter, machine })}
        />
      </form>
      {rows.length === 0 ? <Quiet>No agent fits.</Quiet> : <AgentRows rows={rows} />}
      {more === 0 ? null : (
        <p className="note">
          {more.toLocaleString()} more were seen longer ago; choose how their hooks are to see them.
        </p>
      )}
    </>
  )
}

function Nobody() {
  return (
    <Quiet>
      No agent was heard of. Run `remit init` where an agent works: it puts the agents of that machine behind
      this gateway, with their hooks (docs/agents.md). Each stands here from its next start on, and for a
      month after it was last seen.
    </Quiet>
  )
}
