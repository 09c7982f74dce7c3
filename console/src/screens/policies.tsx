import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { PoliciesAnswer, PolicyAnswer } from '../../../src/api/console-contract.ts'
import type { ExplainAnswer } from '../../../src/api/contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

/** @param props.item a decision or an approval: why it was made. */
export function Policies({ item }: { readonly item?: string }) {
  return item === undefined ? <PolicyList /> : <Explained id={item} />
}

function PolicyList() {
  const { value, problem, ended } = useResource<PoliciesAnswer>('/policies')
  return (
    <div className="page">
      <h1>Policies in force</h1>
      <p className="quiet">
        Read only: policies are files. {value === undefined ? '' : `${value.policies.length} rules, hash `}
        <span className="mono">{value?.hash}</span>
      </p>
      <Problem words={problem} ended={ended} />
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

function Explained({ id }: { readonly id: string }) {
  const { value, problem, ended } = useResource<ExplainAnswer>(`/explain/${id}`)
  return (
    <div className="page">
      <p>
        <Link to={{ screen: 'policies' }}>← All policies</Link>
      </p>
      <h1>Why it was decided so</h1>
      <Problem words={problem} ended={ended} />
      {value === undefined ? null : <Why past={value} />}
    </div>
  )
}

function Why({ past }: { readonly past: ExplainAnswer }) {
  const { decided, call, at, reasons, explanation, unexplained, today } = past
  return (
    <>
      <p>
        <Tag kind={decided.effect}>{decided.effect}</Tag>{' '}
        <span className="mono">{call === undefined ? '' : visibleText(`${call.server}__${call.tool}`)}</span>{' '}
        <When at={Date.parse(at)} />
      </p>
      <ul>
        {reasons.map((reason) => (
          <li key={`${reason.policy} ${reason.text}`}>
            {visibleText(reason.text)} <span className="mono quiet">{reason.policy}</span>
          </li>
        ))}
      </ul>
      {unexplained === undefined ? null : <p className="note">{unexplained}</p>}
      {explanation?.operations.map((operation) => (
        <section key={operation.position} className="part">
          <h3>
            {visibleText(operation.operation)} <Tag kind={operation.effect}>{operation.effect}</Tag>
          </h3>
          <ul>
            {operation.policies.map((policy) => (
              <li key={policy.id}>
                <span className="mono">{policy.id}</span> ({policy.effect})
              </li>
            ))}
          </ul>
        </section>
      ))}
      {today === undefined ? null : (
        <p className="note">
          The policies of today would say {today.effect}
          {today.differs ? ', which differs' : ', the same'}.
        </p>
      )}
    </>
  )
}
