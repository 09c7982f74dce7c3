import { useCallback, useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import type { ServersNow } from '../../../src/api/console-contract.ts'
import type { ToolReviewsAnswer } from '../../../src/api/contract.ts'
import { foldText, visibleText } from '../../../src/core/visible-text.ts'
import type { StreamMessage } from '../event-text.ts'
import { post, wordsOf } from '../gateway.ts'
import { useRights } from '../me.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Live, Problem, Quiet, Tag } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'
import { useStream } from '../use-stream.ts'

type Tool = ToolReviewsAnswer['tools'][number]

const from = (): string => '/servers/stream'

export function Servers() {
  const [now, setNow] = useState<ServersNow>()
  const heard = useCallback(({ event, data }: StreamMessage) => {
    if (event === 'servers') setNow(data as ServersNow)
  }, [])
  const { live, lost, ended } = useStream(from, heard)
  const { may } = useRights()
  return (
    <div className="page">
      <div className="row head">
        <h1>Servers and tools</h1>
        <Live live={live} />
      </div>
      <Problem words={lost} ended={ended} />
      {now === undefined ? lost === undefined ? <Quiet>Loading…</Quiet> : null : <Standing now={now} />}
      {may('GET /servers/review') ? <Reviews definitions={now?.definitions} /> : null}
    </div>
  )
}

function Standing({ now: { servers, config } }: { readonly now: ServersNow }) {
  const { refused, needsRestart } = config
  return (
    <>
      {refused === undefined ? null : (
        <p className="note bad" role="alert">
          The configuration file changed and was not taken; what was in force stays: {visibleText(refused)}
        </p>
      )}
      {needsRestart.length === 0 ? null : (
        <p className="note">
          Changed in the configuration file, and in force after a restart: {needsRestart.join(', ')}
        </p>
      )}
      {servers.length === 0 ? (
        <Quiet>
          No server is configured. Add one with `remit servers add`, or under `servers` in `remit.yaml`; the
          gateway follows the file.
        </Quiet>
      ) : (
        <ul className="rows">
          {servers.map((server) => (
            <ServerRow key={server.key} server={server} />
          ))}
        </ul>
      )}
    </>
  )
}

function ServerRow({ server }: { readonly server: ServersNow['servers'][number] }) {
  const { key, transport, state, tools, waiting, restarts, purpose, lastError } = server
  return (
    <li>
      <div>
        <Tag kind={state}>{state}</Tag> <b>{key}</b>{' '}
        <span className="quiet">
          {transport} · {tools.on} {tools.on === 1 ? 'tool' : 'tools'} on, {tools.off} off
          {waiting === 0 ? '' : ` · ${waiting} to be reviewed`}
          {restarts === 0 ? '' : ` · started anew ${restarts === 1 ? 'once' : `${restarts} times`}`}
          {purpose === undefined ? '' : ` · ${visibleText(purpose)}`}
        </span>
        {lastError === undefined ? null : (
          <p className={state === 'down' ? 'note bad' : 'note'}>
            {state === 'down' ? '' : 'It failed before: '}
            {visibleText(lastError)}
          </p>
        )}
      </div>
    </li>
  )
}

/** @param props.definitions another number = look again. */
function Reviews({ definitions }: { readonly definitions: number | undefined }) {
  const reviews = useResource<ToolReviewsAnswer>('/servers/review')
  const { again } = reviews
  const [all, setAll] = useState(false)
  const seen = useRef(definitions)
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== definitions) again()
    seen.current = definitions
  }, [definitions, again])
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
