import { expect, test } from 'vitest'
import { resourceEntity, RequestEntities } from './entities.ts'
import type { Entity, Evaluation } from './evaluation.ts'
import { callExtension } from './extensions/call-extension.ts'
import { tracedEvaluation, valueText, type FactsRead } from './trace-facts.ts'
import {
  CedarRecord,
  CedarSet,
  EMPTY_SET,
  EntityUid,
  RecordShape,
  recordOf,
  UNKNOWN,
  type Value,
} from './values.ts'

test.each<readonly [Value, string]>([
  ['a"b', String.raw`"a\"b"`],
  [true, 'true'],
  [3, '3'],
  [2n ** 60n, String(2n ** 60n)],
  [new EntityUid('File', 'a"b'), String.raw`File::"a\"b"`],
  [new CedarSet(['a', 1]), '["a", 1]'],
  [EMPTY_SET, '[]'],
  [
    recordOf([
      ['a', 1],
      ['b', 'x'],
    ]),
    '{a: 1, b: "x"}',
  ],
  [new CedarRecord(new RecordShape(['a', 'b']), [undefined, 2]), '{b: 2}'],
  [callExtension('datetime', ['2024-01-01']), 'datetime("2024-01-01T00:00:00.000Z")'],
  [callExtension('duration', ['1s']), 'duration(1000)'],
  [callExtension('decimal', ['1.5']), 'decimal(15000)'],
  [UNKNOWN, 'unknown'],
])('R-POL-7: a value as text, row %#', (value, text) => {
  expect(valueText(value)).toBe(text)
})

function traced(): { readonly read: FactsRead; readonly evaluation: Evaluation } {
  const file = resourceEntity({ type: 'File', id: 'a', ancestors: [{ type: 'Directory', id: 'd' }] }, ['ci'])
  const ann: Entity = {
    uid: new EntityUid('User', 'ann'),
    attributes: recordOf([['boss', new EntityUid('User', 'bob')]]),
    tags: recordOf([['team', 'red']]),
    ancestors: [],
  }
  const bob: Entity = { ...ann, uid: new EntityUid('User', 'bob'), attributes: recordOf([['age', 4]]) }
  const read: FactsRead = new Map()
  const evaluation = tracedEvaluation(
    {
      principal: ann.uid,
      action: new EntityUid('Action', 'file.read'),
      resource: file.uid,
      context: recordOf([
        ['history', recordOf([['calls', 2]])],
        ['hour', 9],
      ]),
      entities: new RequestEntities([ann, bob], file),
      absorbedUnknown: false,
    },
    read,
  )
  return { read, evaluation }
}

test('R-POL-7: what is read is noted by its path, and nothing else', () => {
  const { read, evaluation } = traced()
  const { context, entities, principal, resource } = evaluation
  expect(read.size).toBe(0)
  expect(context.get('hour')).toBe(9)
  expect((context.get('history') as CedarRecord).get('calls')).toBe(2)
  expect(context.get('nothing')).toBeUndefined()
  entities.find(principal)?.attributes.get('boss')
  entities.find(new EntityUid('User', 'bob'))?.attributes.get('age')
  entities.find(resource as EntityUid)?.attributes.get('labels')
  expect(entities.find(resource as EntityUid)?.ancestors.map(String)).toEqual(['Directory::"d"'])
  expect(Object.fromEntries(read)).toEqual({
    'context.hour': '9',
    'context.history.calls': '2',
    'context.nothing': 'absent',
    'principal.boss': 'User::"bob"',
    'User::"bob".age': '4',
    'resource.labels': '["ci"]',
    'resource in': '[Directory::"d"]',
  })
})

test('R-POL-7: the groups of an action are no fact, and what does not exist stays so', () => {
  const { read, evaluation } = traced()
  expect(evaluation.entities.find(evaluation.action)?.ancestors.map(String)).toEqual(['Action::"read"'])
  expect(evaluation.entities.find(new EntityUid('User', 'eve'))).toBeUndefined()
  expect(read.size).toBe(0)
  expect(evaluation.entities.find(evaluation.principal)?.tags?.get('team')).toBe('red')
  const file = evaluation.entities.find(evaluation.resource as EntityUid)
  expect(Object.hasOwn(file ?? {}, 'tags')).toBe(false)
})
