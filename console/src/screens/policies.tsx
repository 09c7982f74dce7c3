import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { PoliciesAnswer, PolicyAnswer } from '../../../src/api/console-contract.ts'
import { Problem, Quiet, Tag } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

export function Policies() {
  const { value, problem, ended } = useResource<PoliciesAnswer>('/policies')
  return (
    <div className="page">
      <h1>Policies in force</h1>
      <p className="quiet">
        Read only: policies are files. {value === undefined ? '' : `${value.policies.length} rules, hash `}
        <span className="mono">{value?.hash}</span>
      </p>
      <Problem words={problem} ended={ended} />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      <ul className="rows">
        {value?.policies.map((policy) => (
          <Policy key={policy.id} policy={policy} />
        ))}
      </ul>
    </div>
  )
}

function Policy({ policy }: { readonly policy: PoliciesAnswer['policies'][number] }) {
  const [open, setOpen] = useState(false)
  const { id, effect, reason, source, gate } = policy
  const kind = gate === undefined ? (effect === 'permit' ? 'allow' : 'deny') : 'consent'
  return (
    <li>
      <div>
        <Tag kind={kind}>{gate === undefined ? effect : 'asks'}</Tag> <b className="mono">{id}</b>{' '}
        <span className="quiet">{reason ?? gate?.reason}</span>
        <p className="quiet">
          {source}
          {gate === undefined
            ? ''
            : ` · ${gate.scope}: ${gate.quorum} of ${gate.by ?? 'any approver'}, ${gate.severity}`}
        </p>
        <Button className="plain flush" aria-expanded={open} onPress={() => setOpen(!open)}>
          {open ? 'Hide its text' : 'Show its text'}
        </Button>
        {open ? <PolicyText id={id} /> : null}
      </div>
    </li>
  )
}

function PolicyText({ id }: { readonly id: string }) {
  const { value, problem, ended } = useResource<PolicyAnswer>(`/policies/text?id=${encodeURIComponent(id)}`)
  if (value === undefined)
    return problem === undefined ? <Quiet>Loading…</Quiet> : <Problem words={problem} ended={ended} />
  return (
    <pre tabIndex={0} aria-label={`Text of ${id}`}>
      {value.text}
    </pre>
  )
}
