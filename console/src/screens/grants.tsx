import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { GrantsAnswer } from '../../../src/api/grants-contract.ts'
import { grantState } from '../../../src/core/grant.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { post } from '../gateway.ts'
import { useRights } from '../me.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

type Grant = GrantsAnswer['grants'][number]

/** Listed at once; older ones are on the command line. */
const MOST = 500

/** What runs without another question until a task ends. */
export function Grants() {
  const { value, problem, ended, again } = useResource<GrantsAnswer>(`/grants?limit=${MOST}`)
  const [all, setAll] = useState(false)
  const [revoked, setRevoked] = useState<Grant>()
  const now = Date.now()
  const over = (grant: Grant): boolean => grantState(grant, now) !== 'active' || grant.lapsed !== undefined
  const shown = value?.grants.filter((grant) => all || !over(grant)) ?? []
  return (
    <div className="page">
      <div className="row head">
        <h1>Consent that lasts</h1>
        <label className="tick">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> also what
          no longer counts
        </label>
      </div>
      <p className="quiet">
        What people agreed to for the rest of a task: it runs without asking again, in that task alone and
        never in one below it, as often as the agent likes, until it ends or is taken back.
      </p>
      <Problem words={problem} ended={ended} />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      {value !== undefined && shown.length === 0 ? (
        <Quiet>
          {value.grants.length === 0
            ? 'Nobody has agreed to anything for the rest of a task.'
            : 'None of it counts any more.'}
        </Quiet>
      ) : null}
      {shown.map((grant) => (
        <GrantPart key={grant.id} grant={grant} revoke={() => setRevoked(grant)} />
      ))}
      {value?.grants.length === MOST ? (
        <Quiet>{`The newest ${MOST}; \`remit grants list --limit\` lists more.`}</Quiet>
      ) : null}
      {revoked === undefined ? null : (
        <AskDialog
          title="Take this consent back?"
          label="Why (on record)"
          act="Take it back"
          grave
          needed
          close={() => setRevoked(undefined)}
          run={async (reason) => {
            await post(`/grants/${revoked.id}/revoke`, { reason })
            again()
          }}
        >
          <p>The next such call is asked about again; one that is out is not called back.</p>
        </AskDialog>
      )}
    </div>
  )
}

function GrantPart({ grant, revoke }: { readonly grant: Grant; readonly revoke: () => void }) {
  const { server, tool, task, human, by, uses, approval, covers } = grant
  const { may, reaches } = useRights()
  const state = grant.lapsed === undefined ? grantState(grant, Date.now()) : 'lapsed'
  return (
    <article className="part">
      <h2 className="mono" dir="ltr">
        {server}__{visibleText(tool)} <Tag kind={state}>{STATES[state]}</Tag>
      </h2>
      <p>{covers.wider === undefined ? SAME : visibleText(covers.wider.text)}</p>
      <pre tabIndex={0} dir="ltr" aria-label={`What ${grant.id} covers`}>
        {linesOf(covers.arguments)}
      </pre>
      <p className="quiet">
        By {by.join(', ')}, <When at={grant.created} />, for {human} · {timesOf(uses)} ·{' '}
        <Ends grant={grant} /> · <Link to={{ screen: 'approvals', item: approval }}>the request</Link>
        {reaches('GET /tasks/:id', human) ? (
          <>
            {' '}
            · <Link to={{ screen: 'tasks', item: task }}>its task</Link>
          </>
        ) : null}
      </p>
      {grant.lapsed === undefined ? null : (
        <p className="note">No longer counts: {visibleText(grant.lapsed)}</p>
      )}
      {state === 'active' && may('POST /grants/:id/revoke') ? (
        <Button className="danger" onPress={revoke}>
          Take it back…
        </Button>
      ) : null}
    </article>
  )
}

function timesOf(uses: number): string {
  if (uses === 0) return 'not used yet'
  return uses === 1 ? 'used once' : `used ${uses.toLocaleString()} times`
}

/** Only the line ends that are Remit's own stay line ends. */
function linesOf(value: object): string {
  return JSON.stringify(value, undefined, 2).split('\n').map(visibleText).join('\n')
}

const SAME = 'the same tool with the same arguments, and nothing else'
const STATES = {
  active: 'counts',
  lapsed: 'no longer counts',
  revoked: 'taken back',
  expired: 'over',
} as const

function Ends({ grant: { revoked, expires } }: { readonly grant: Grant }) {
  if (revoked === undefined)
    return (
      <>
        until <When at={expires} />
      </>
    )
  return (
    <>
      taken back by {revoked.by}, <When at={revoked.at} />: “{visibleText(revoked.reason)}”
    </>
  )
}
