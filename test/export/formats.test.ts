import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { cefLine } from '../../src/audit/export/cef.ts'
import { csvHeader, csvLine } from '../../src/audit/export/csv.ts'
import { jsonlLine } from '../../src/audit/export/jsonl.ts'
import { OCSF_VERSION, ocsfEvent } from '../../src/audit/export/ocsf/ocsf-record.ts'
import { RECORD_FIELDS } from '../../src/audit/export/record-fields.ts'
import { decisionRecord, outcomeRecord } from '../suites/sample-records.ts'
import { OcsfSchema } from './ocsf-schema.ts'
import { consentedCall, CONTEXT, oneOfEachKind, plain, stored } from './sample-ledger.ts'

const WITH_CONTENT = { ...CONTEXT, content: true }
const call = (): ReturnType<typeof stored> => stored(7, decisionRecord({ id: 'dec_1', task: 'tsk_1' }))

describe.skipIf(!OcsfSchema.there)(
  'R-AUD-3: OCSF against its own schema (needs ../shared/corpus or REMIT_CORPUS)',
  () => {
    const schema = OcsfSchema.there ? new OcsfSchema() : undefined

    test('every kind of record becomes an event of its class with all that is required, and nothing unknown', () => {
      const records = [...oneOfEachKind(), ...consentedCall(), denied()]
      const faults = [CONTEXT, WITH_CONTENT].flatMap((context) =>
        records.flatMap((record) =>
          (schema?.faults(ocsfEvent(record, context)) ?? []).map(
            (fault) => `${record.envelope.kind}: ${fault}`,
          ),
        ),
      )
      expect(faults).toEqual([])
      expect(schema?.version).toBe(OCSF_VERSION)
    })

    test('the validator itself finds what is missing, unknown, of another type, outside an enum or of a profile not named', () => {
      const event = ocsfEvent(call(), CONTEXT)
      const { api, ...without } = event
      expect(api).toBeDefined()
      const metadata = event['metadata'] as Record<string, unknown>
      for (const [broken, fault] of [
        [without, 'api is required'],
        [{ ...event, colour: 'red' }, 'colour is unknown'],
        [{ ...event, time: 'now' }, 'time must be timestamp_t'],
        [{ ...event, severity_id: 42 }, 'severity_id may not be 42'],
        [
          { ...event, actor: {} },
          'actor.: at least one of process, user, iam_role, invoked_by, session, app_name, app_uid',
        ],
        [{ ...event, metadata: { ...metadata, profiles: [] } }, 'action_id is of profile security_control'],
        [{ ...event, type_uid: 600_301 }, 'type_uid'],
        [{ ...event, resources: {} }, 'resources must be an array'],
      ] as const) {
        expect(schema?.faults(broken)).toContain(fault)
      }
    })
  },
)

test('R-AUD-3: an OCSF event says who, what and the verdict where a SIEM looks for it, and content only when asked for', () => {
  expect(ocsfEvent(denied(), CONTEXT)).toMatchObject({
    class_uid: 6003,
    type_uid: 600_303,
    action_id: 2,
    disposition_id: 2,
    status_id: 2,
    severity_id: 3,
    actor: { user: { uid: 'ada' }, session: { uid: 'tsk_1' } },
    ai_agent: { uid: 'claude-code/1', instance_uid: 'tsk_1' },
    api: { operation: 'files__write_file', request: { uid: '17' } },
    authorizations: [{ decision: 'deny', policy: { uid: 'workspace-writes' } }],
    metadata: { uid: 'default/7', sequence: 7, tenant_uid: 'default' },
  })
  const text = JSON.stringify(ocsfEvent(call(), CONTEXT))
  expect(text).not.toContain('make the tests pass')
  expect(JSON.stringify(ocsfEvent(call(), WITH_CONTENT))).toContain('make the tests pass')
})

describe('R-AUD-3: CSV, read back by a parser of others', () => {
  test('every field of every kind comes back, whatever stands in it', () => {
    const records = [...oneOfEachKind(), hostile()]
    const text = [csvHeader(WITH_CONTENT), ...records.map((record) => csvLine(record, WITH_CONTENT))].join(
      '\n',
    )
    const rows = parse(text, { columns: true }) as Record<string, string>[]
    expect(rows.map(({ index, kind }) => [index, kind])).toEqual(
      records.map(({ index, envelope }) => [String(index), envelope.kind]),
    )
    expect(Object.keys(rows[0] ?? {})).toEqual(RECORD_FIELDS.map(({ name }) => name))
    expect(rows.at(-1)).toMatchObject({
      client: `'=cmd|' /C calc'!A1`,
      session: 'a"b,\r\nc',
      tool_use: `'@x`,
    })
    expect(JSON.parse(rows[0]?.['payload'] ?? '')).toEqual(call().payload)
  })

  test('no cell starts as a formula, and without --content there are no columns for it', () => {
    const rows = parse(csvLine(hostile(), CONTEXT)) as string[][]
    expect(rows[0]?.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    expect(csvHeader(CONTEXT)).not.toMatch(/detail|payload/)
  })
})

describe('R-AUD-3: CEF', () => {
  test('a denial: header with seven parts, severity, keys of the dictionary', () => {
    const { header, extension } = parseCef(cefLine(denied(), CONTEXT))
    expect(header).toEqual(['CEF:0', 'Remit', 'Remit', '0.1.0', 'decision', 'Tool call denied', '6'])
    expect(extension).toMatchObject({
      suser: 'ada',
      act: 'deny',
      outcome: 'failure',
      externalId: 'default/7',
      cs1: 'write_file',
      cs1Label: 'tool',
      cs3: 'workspace-writes',
    })
  })

  test('equal signs, backslashes, pipes and line feeds that others chose come back as they were, in one line', () => {
    for (const record of [hostile(), ...oneOfEachKind()]) {
      const line = cefLine(record, CONTEXT)
      expect(line).not.toMatch(/[\r\n]/)
      expect(parseCef(line).header).toHaveLength(7)
    }
    expect(parseCef(cefLine(hostile(), CONTEXT)).extension['requestClientApplication']).toBe(
      `=cmd|' /C calc'!A1`,
    )
    const odd = stored(1, plain('login.failed', { actor: 'a=b\\c|d\ne cs1=forged' }))
    expect(parseCef(cefLine(odd, CONTEXT)).extension).toMatchObject({ suser: 'a=b\\c|d\ne cs1=forged' })
    expect(parseCef(cefLine(odd, CONTEXT)).extension['cs1']).toBeUndefined()
  })
})

test('R-AUD-3: JSONL is the record, and what lies beside it only when asked for', () => {
  const { envelope, payload } = call()
  expect(JSON.parse(jsonlLine(call(), CONTEXT))).toEqual({ index: 7, ...envelope })
  expect(JSON.parse(jsonlLine(call(), WITH_CONTENT))).toMatchObject({ payload })
})

function denied(): ReturnType<typeof stored> {
  const record = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
  const { decision } = record.envelope
  if (decision === undefined) throw new Error('a decision')
  return stored(7, { ...record, envelope: { ...record.envelope, decision: { ...decision, effect: 'deny' } } })
}

/** With words that a client chose to hurt whoever reads them. */
function hostile(): ReturnType<typeof stored> {
  const record = outcomeRecord({ id: 'dec_9', task: 'tsk_1' })
  const correlation = { requestId: '-1+2', client: `=cmd|' /C calc'!A1`, session: 'a"b,\r\nc', toolUse: '@x' }
  return stored(9, { ...record, envelope: { ...record.envelope, correlation } })
}

/** By the rules of the CEF guide: pipes end parts of the header, `key=` begins a value, backslashes escape. */
function parseCef(line: string): { header: readonly string[]; extension: Readonly<Record<string, string>> } {
  const parts = line.match(/(?:\\.|[^\\|])*(?:\||$)/gs)?.map((part) => part.replace(/\|$/, '')) ?? []
  const header = parts.slice(0, 7).map((part) => part.replaceAll(/\\([\\|])/g, '$1'))
  const rest = line.slice(parts.slice(0, 7).join('|').length + 1)
  const starts = [...rest.matchAll(/(?:^| )(?<key>[A-Za-z0-9]+)=/g)]
  const extension = starts.map((start, at) => {
    const value = rest.slice(start.index + start[0].length, starts[at + 1]?.index ?? rest.length)
    const plainText = value.replaceAll(/\\(.)/g, (_, one: string) => ({ n: '\n', r: '\r' })[one] ?? one)
    return [start.groups?.['key'] ?? '', plainText] as const
  })
  return { header, extension: Object.fromEntries(extension) }
}
