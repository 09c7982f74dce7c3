import { expect, test } from 'vitest'
import { clientAuth } from './oauth-server.ts'

test('R-CRED-1: an id and a secret reach servers that decode them and, as far as that goes, those that do not', () => {
  const [issuer, client] = [{ issuer: 'https://issuer.example' }, { client_id: 'a-b_c.d' }]
  const headers = new Headers()
  void clientAuth(issuer, client, 'p:%/ ü')(issuer, client, new URLSearchParams(), headers)
  const [, sent = ''] = headers.get('authorization')?.split(' ') ?? []
  expect(Buffer.from(sent, 'base64').toString()).toBe('a-b_c.d:p%3A%25%2F+%C3%BC')
})
