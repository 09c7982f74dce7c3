import { fileURLToPath } from 'node:url'
import { startGateway } from '../support/running-gateway.ts'
import { startConformanceServer } from './conformance-server.ts'
import { startCredentialProxy } from './credential-proxy.ts'
import { runSuite, type Revision, type ScenarioResult } from './run-suite.ts'

const POLICIES = fileURLToPath(new URL('./policies', import.meta.url))

export type Era = 'modern' | 'legacy'

/**
 * The suite against the project's conformance server, through a running gateway with policy and ledger on. The
 * upstream is dual-era and the gateway is told to speak the era of the revision, so that the pair is of one era.
 */
export async function runThroughGateway(revision: Revision, era: Era): Promise<readonly ScenarioResult[]> {
  const upstream = await startConformanceServer({ port: 0 })
  const gateway = await startGateway({
    policies: [POLICIES],
    config: () => `consent: { hold: 1s }
servers:
  conformance:
    url: ${upstream.url}
    era: ${era}
    session: task
    fileSystem: none
    sampling: relay
    roots: relay
`,
  })
  try {
    const { token } = gateway.task()
    const proxy = await startCredentialProxy(`${gateway.agentUrl}/conformance`, token)
    try {
      return await runSuite({ url: proxy.url, revision })
    } finally {
      proxy.close()
    }
  } finally {
    await gateway.remove()
    await upstream.close()
  }
}

/** Every pair of a client's revision and a server's era. */
export const PAIRS = [
  { revision: '2025-11-25', era: 'legacy' },
  { revision: '2026-07-28', era: 'modern' },
  { revision: '2025-11-25', era: 'modern' },
  { revision: '2026-07-28', era: 'legacy' },
] as const satisfies readonly { readonly revision: Revision; readonly era: Era }[]

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { revision, era } of PAIRS) {
    const results = (await runThroughGateway(revision, era)).filter(({ required }) => required)
    const passed = results.filter((result) => result.passed).length
    console.log(`client ${revision}, ${era} server: required ${passed}/${results.length}`)
    for (const { scenario, failures } of results.filter((result) => !result.passed)) {
      console.log(`  ${scenario}: ${failures.join(' | ')}`)
    }
  }
}
