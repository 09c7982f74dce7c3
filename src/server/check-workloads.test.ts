import { expect, test } from 'vitest'
import { parseConfig } from './load-config.ts'

const head = `humans: [{ id: alice }]
workflows:
  ci: { owner: alice }
  free: {}
workloads:
`

function problem(workload: string): string | undefined {
  try {
    parseConfig('remit.yaml', `${head}  one: ${workload}\n`, {})
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const ISSUER = 'issuer: "https://issuer.example"'

test('R-ID-5, R-API-2: a workload that could let strangers begin, or begins for nobody, is refused with its place', () => {
  const said = [
    `{ kind: github, ${ISSUER}, where: { ref: refs/heads/main }, workflow: ci }`,
    `{ kind: github, ${ISSUER}, where: { repository: "*/api" }, workflow: ci }`,
    `{ kind: github, ${ISSUER}, where: { repository: [acme/*, "**"] }, workflow: ci }`,
    `{ kind: kubernetes, ${ISSUER}, where: {}, workflow: ci }`,
    `{ kind: kubernetes, ${ISSUER}, where: { sub: x }, workflow: free }`,
    `{ kind: kubernetes, ${ISSUER}, where: { sub: x }, workflow: none }`,
    `{ kind: kubernetes, ${ISSUER}, where: { sub: x }, workflow: ci, human: { claim: sub, map: { x: bob } } }`,
    `{ kind: kubernetes, issuer: "http://issuer.example", where: { sub: x }, workflow: ci }`,
    `{ kind: spiffe, trustDomain: example.org, where: { sub: x }, workflow: ci }`,
    `{ kind: kubernetes, ${ISSUER}, algorithms: [HS256], where: { sub: x }, workflow: ci }`,
  ].map(problem)
  const expected = [
    /6:\d+: `workloads.one.where` must say whose/,
    /must say whose/,
    /must say whose/,
    /`workloads.one.where` must name at least one claim/,
    /needs `human`, or an `owner`/,
    /names `none`, which is not in `workflows`/,
    /names `bob`, who is not in `humans`/,
    /must be an https URL/,
    /jwksFile` needs to be there/,
    /algorithms/,
  ]
  expect(said).toEqual(expected.map((text) => expect.stringMatching(text)))
  const good = [
    `{ kind: github, ${ISSUER}, where: { repository: acme/* }, workflow: ci }`,
    `{ kind: gitlab, ${ISSUER}, where: { namespace_id: "12" }, workflow: ci }`,
    `{ kind: spiffe, trustDomain: example.org, jwksFile: x, where: { sub: "spiffe://example.org/*" }, workflow: ci }`,
  ]
  expect(good.map(problem)).toEqual(good.map(() => undefined))
})
