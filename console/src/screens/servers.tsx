import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { ServersAnswer, ToolReviewsAnswer } from '../../../src/api/contract.ts'
import { foldText, visibleText } from '../../../src/core/visible-text.ts'
import { post, wordsOf } from '../gateway.ts'
import { useRights } from '../me.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Problem, Quiet, Tag } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

type Tool = ToolReviewsAnswer['tools'][number]

export function Servers() {
  const servers = useResource<ServersAnswer>('/servers')
  const { may } = useRights()
  return (
    <div className="page">
      <h1>Servers and tools</h1>
      <Problem words={servers.problem} ended={servers.ended} />
      {servers.value?.servers.length === 0 ? (
        <Quiet>
          No server is configured. Add one under `servers` in `remit.yaml`; the gateway follows the file.
        </Quiet>
      ) : null}
      <ul className="rows">
        {servers.value?.servers.map((server) => (
          <li key={server.key}>
            <div>
              <Tag kind={server.state}>{server.state}</Tag> <b>{server.key}</b>{' '}
              <span className="quiet">
                {server.transport} · {server.tools.on} {server.tools.on === 1 ? 'tool' : 'tools'} on,{' '}
                {server.tools.off} off
                {server.waiting === 0 ? '' : ` · ${server.waiting} to be reviewed`}
                {server.purpose === undefined ? '' : ` · ${visibleText(server.purpose)}`}
              </span>
              {server.lastError === undefined ? null : (
                <p className="note bad">{visibleText(server.lastError)}</p>
              )}
            </div>
          </li>
        ))}
      </ul>
      {may('GET /servers/review') ? <Reviews /> : null}
    </div>
  )
}

function Reviews() {
  const reviews = useResource<ToolReviewsAnswer>('/servers/review')
  const [all, setAll] = useState(false)
  const tools = reviews.value?.tools.filter(({ status }) => all || status === 'pending') ?? []
  return (
    <>
      <Problem words={reviews.problem} ended={reviews.ended} />
      <div className="row head">
        <h2>Review of definitions</h2>
        <label className="tick">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> show all
        </label>
      </div>
      {reviews.value !== undefined && tools.length === 0 ? (
        <Quiet>No definition waits for a review.</Quiet>
      ) : null}
      {tools.map((tool) => (
        <Review key={`${tool.server} ${tool.tool} ${tool.digest}`} tool={tool} again={reviews.again} />
      ))}
    </>
  )
}

function Review({ tool, again }: { readonly tool: Tool; readonly again: () => void }) {
  const { may } = useRights()
  const [problem, setProblem] = useState<string>()
  const [refusing, setRefusing] = useState(false)
  const decide = (verdict: object): Promise<unknown> =>
    post(`/servers/${tool.server}/review`, { tool: tool.tool, digest: tool.digest, ...verdict }).then(again)
  return (
    <article className="part">
      <h3 className="mono" dir="ltr">
        {tool.server}__{visibleText(tool.tool)} <Tag kind={tool.status}>{tool.status}</Tag>
      </h3>
      <p className="quiet">
        What it may do: {tool.actions.join(', ') || 'nothing known'} ({tool.source}) ·{' '}
        <span className="mono">{tool.digest}</span>
      </p>
      {tool.flags.length === 0 ? null : (
        <p className="note bad">
          {tool.flags.map(({ kind, where, text }) => (
            <span key={`${kind} ${where}`} className="line">
              <b>{kind}</b> in <span className="mono">{visibleText(where)}</span>: “{foldText(text, 300, 100)}
              ”
            </span>
          ))}
        </p>
      )}
      {tool.changes.map((change) => (
        <details key={`${change.what} ${change.where}`} open={tool.known}>
          <summary>
            {change.what} <span className="mono">{visibleText(change.where)}</span>{' '}
            <Tag kind="medium">claim</Tag>
          </summary>
          <pre dir="ltr">
            {change.lines.map((line, index) => (
              <span
                key={index}
                className={line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''}
              >
                {`${line}\n`}
              </span>
            ))}
          </pre>
        </details>
      ))}
      <Problem words={problem} />
      {tool.status === 'trusted' || !may('POST /servers/:server/review') ? null : (
        <div className="row">
          <Button
            className="main"
            onPress={() =>
              void decide({ verdict: 'approve' }).catch((thrown: unknown) => setProblem(wordsOf(thrown)))
            }
          >
            Switch it on
          </Button>
          {tool.status === 'refused' ? null : (
            <Button className="danger" onPress={() => setRefusing(true)}>
              Refuse…
            </Button>
          )}
        </div>
      )}
      {refusing ? (
        <AskDialog
          title="Refuse this definition?"
          label="Why"
          act="Refuse"
          grave
          needed
          close={() => setRefusing(false)}
          run={async (reason) => {
            await decide({ verdict: 'refuse', reason })
          }}
        />
      ) : null}
    </article>
  )
}
