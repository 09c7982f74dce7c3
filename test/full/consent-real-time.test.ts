import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClient } from '../support/mcp-client.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

/** Seconds: what known clients wait, and how long a gateway holds a call; the last is longer than any of them. */
const CLIENTS = [60, 120, 180, 300]
const HOLDS = [45, 150, 330]
const ERAS = ['modern', 'legacy'] as const
const APPROVERS = ['after 30 s', 'once the client has given up or was told to retry'] as const

let upstream: RecordingUpstream
let gateways: readonly RunningGateway[]

beforeAll(async () => {
  upstream = await startRecordingUpstream()
  gateways = await Promise.all(
    HOLDS.map((hold) =>
      startGateway({
        config: () => `consent: { hold: ${String(hold)}s }
servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      wipe: { actions: [money.send] }
`,
      }),
    ),
  )
})

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.remove()))
  upstream.close()
})

async function admin(gateway: RunningGateway, path: string, method = 'GET'): Promise<unknown> {
  const answer = await fetch(`${gateway.adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

/** The request in which a human reads this text. */
async function requestFor(gateway: RunningGateway, text: string): Promise<string> {
  const { approvals } = (await admin(gateway, '/approvals?state=pending&limit=100')) as {
    readonly approvals: readonly { readonly id: string }[]
  }
  for (const { id } of approvals) {
    const shown = JSON.stringify(await admin(gateway, `/approvals/${id}`))
    if (shown.includes(text)) return id
  }
  throw new Error(`nobody is asked for ${text}`)
}

const sleep = (seconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, seconds * 1_000)
  })

interface Way {
  readonly gateway: RunningGateway
  readonly token: string
  readonly text: string
  readonly era: (typeof ERAS)[number]
  readonly timeout: number
  readonly approver: (typeof APPROVERS)[number]
}

async function call({ gateway, token, text, era, timeout }: Way): Promise<string> {
  const client = await connectClient(gateway.agentUrl, token, era)
  try {
    const named = { name: 'probe__wipe', arguments: { text } }
    const { isError, content } = await client.callTool(named, { timeout: timeout * 1_000 })
    return isError === true ? `told: ${JSON.stringify(content)}` : 'done'
  } catch (thrown) {
    return `gave up: ${String(thrown)}`
  } finally {
    await client.close()
  }
}

/** @returns how each request of the client ended. */
async function play(way: Way): Promise<readonly string[]> {
  const first = call(way)
  if (way.approver === 'after 30 s') {
    await sleep(30)
    await admin(way.gateway, `/approvals/${await requestFor(way.gateway, way.text)}/approve`, 'POST')
    return [await first]
  }
  const ended = await first
  await admin(way.gateway, `/approvals/${await requestFor(way.gateway, way.text)}/approve`, 'POST')
  return [ended, await call(way)]
}

test('R-CON-4: known clients in real time, 60 to 300 s: no agreement is lost, no call runs twice', async () => {
  const ways = gateways.flatMap((gateway, at) => {
    const { token } = gateway.task()
    return CLIENTS.flatMap((timeout) =>
      ERAS.flatMap((era) =>
        APPROVERS.map((approver): Way => {
          const text = `held ${HOLDS[at]} s, ${era} client of ${timeout} s, approved ${approver}.`
          return { gateway, token, text, era, timeout, approver }
        }),
      ),
    )
  })
  const endings = await Promise.all(ways.map(play))
  for (const [at, ending] of endings.entries()) {
    console.log(`${ways[at]!.text} ${ending.map((one) => one.slice(0, 60)).join(' ▸ ')}`)
  }
  expect(endings.map((ending) => ending.at(-1))).toEqual(ways.map(() => 'done'))
  expect(upstream.ran.toSorted()).toEqual(ways.map(({ text }) => `wipe:${text}`).toSorted())
  // Who is asked to come back was told so before it would have given up, and the others gave up by themselves.
  const firsts = ways.map(({ approver, timeout, gateway }, at) => {
    if (approver === 'after 30 s') return [endings[at]![0], 'done']
    const hold = HOLDS[gateways.indexOf(gateway)]!
    return [endings[at]![0]!.slice(0, 4), timeout > hold ? 'told' : 'gave']
  })
  expect(firsts.map(([was]) => was)).toEqual(firsts.map(([, wanted]) => wanted))
})
