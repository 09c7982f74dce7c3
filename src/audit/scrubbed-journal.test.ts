import { expect, test } from 'vitest'
import { DEFAULT_TENANT } from '../core/ids.ts'
import { bodyOf, withBody } from '../core/large-json.ts'
import type { NewRecord } from '../core/record.ts'
import { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import type { Journal } from './journal.ts'
import { scrubbedJournal } from './scrubbed-journal.ts'

const SECRET = 'hunter2/hunter2?"hunter2'
const FORMS = [
  SECRET,
  Buffer.from(SECRET).toString('base64'),
  Buffer.from(SECRET).toString('base64url'),
  Buffer.from(SECRET).toString('hex'),
  encodeURIComponent(SECRET),
]

function journals(): { readonly journal: Journal; readonly written: NewRecord[] } {
  const written: NewRecord[] = []
  const scrubber = new SecretScrubber()
  scrubber.add(SECRET, 'github')
  const inner: Journal = {
    commit: ({ records }) => {
      written.push(...records)
      return Promise.resolve('committed')
    },
  }
  return { journal: scrubbedJournal(inner, scrubber), written }
}

function recordOf(more: object): NewRecord {
  const envelope = {
    v: 1,
    kind: 'decision',
    id: 'rec_1',
    tenant: DEFAULT_TENANT,
    at: '2026-11-27T00:00:00.000Z',
  }
  return { envelope, ...more } as unknown as NewRecord
}

test('R-CRED-1: a known secret reaches no part of a record, in whatever form it comes to the journal', async () => {
  const { journal, written } = journals()
  for (const form of FORMS) {
    const large = withBody({}, { kind: 'record', text: JSON.stringify({ text: `a ${form} b` }) })
    const record = recordOf({
      detail: { data: { [`name ${form}`]: [form] } },
      payload: { arguments: { text: `x${form}y` }, result: { ...large, note: form } },
    })
    const { envelope, ...rest } = record
    const call = { ...envelope, call: { door: 'mcp', kind: 'tool', server: 'a', tool: form } }
    await journal.commit({ records: [{ ...rest, envelope: call } as NewRecord], changes: [] })
  }
  expect(written).toHaveLength(FORMS.length)
  const texts = written.flatMap((record) => {
    const { result } = (record as unknown as { payload: { result: object } }).payload
    const body = bodyOf(result as never)
    return [JSON.stringify(record), body?.kind === 'record' ? body.text : 'no body']
  })
  for (const text of texts) {
    expect(text).toContain('[secret:github]')
    for (const form of [...FORMS, JSON.stringify(SECRET).slice(1, -1)]) expect(text).not.toContain(form)
  }
  expect(written[0]?.envelope.id).toBe('rec_1')
})

test('R-CRED-1: a record without one is the record that was given', async () => {
  const { journal, written } = journals()
  const record = recordOf({ detail: { data: { a: undefined, b: 1 } } })
  await journal.commit({ records: [record], changes: [] })
  expect(written[0]).toBe(record)
})
