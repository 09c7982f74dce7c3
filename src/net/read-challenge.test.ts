import { expect, test } from 'vitest'
import { readBearerChallenge } from './read-challenge.ts'

const METADATA = 'https://a.example/.well-known/oauth-protected-resource/mcp'

test.each([
  ['Bearer', {}],
  [`Bearer resource_metadata="${METADATA}"`, { resourceMetadata: METADATA }],
  [
    `Bearer error="insufficient_scope", scope="notes:read notes:write" , resource_metadata=${METADATA}`,
    { error: 'insufficient_scope', scope: 'notes:read notes:write', resourceMetadata: METADATA },
  ],
  ['bearer realm="a \\"b\\", c=d", error=invalid_token', { error: 'invalid_token' }],
  ['Basic realm="x", Bearer error="invalid_token"', { error: 'invalid_token' }],
  ['Negotiate YII=, Bearer scope="a"', { scope: 'a' }],
  ['Basic realm="x"', undefined],
  ['Bearer scope="a\u0007b"', {}],
  ['', undefined],
  ['"', undefined],
  [undefined, undefined],
  [`Bearer scope="${'a '.repeat(9_000)}a"`, undefined],
])('R-CRED-1: the challenge %j is read', (header, challenge) => {
  expect(readBearerChallenge(header)).toEqual(challenge)
})
