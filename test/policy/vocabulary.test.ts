import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { expect, test } from 'vitest'
import { ACTION_GROUPS, ACTIONS } from '../../src/core/actions.ts'
import { LABELS } from '../../src/core/labels.ts'
import { RESOURCE_TYPES } from '../../src/core/resource.ts'
import { ANNOTATIONS } from '../../src/policy/annotations.ts'
import { APPROVAL_SHAPE } from '../../src/policy/approve.ts'
import { APPROVE_SHAPE, CONTEXT_SHAPE, HISTORY_SHAPE, WORKLOAD_SHAPE } from '../../src/policy/context.ts'
import { RESOURCE_SHAPE, TASK_SHAPE } from '../../src/policy/entities.ts'
import { SCHEMA_FILE } from './samples.ts'

interface Shape {
  readonly attributes: { readonly [name: string]: unknown }
}
interface Schema {
  readonly entityTypes: { readonly [name: string]: { readonly shape?: Shape } }
  readonly commonTypes: { readonly [name: string]: Shape }
  readonly actions: {
    readonly [name: string]: {
      readonly memberOf?: readonly { readonly id: string }[]
      readonly appliesTo?: { readonly resourceTypes: readonly string[] }
    }
  }
}

const answer = schemaToJson(readFileSync(SCHEMA_FILE, 'utf8'))
const schema = (answer as unknown as { json: { '': Schema } }).json['']
const names = (shape: Shape | undefined): readonly string[] => Object.keys(shape?.attributes ?? {}).sort()

test('R-POL-3: the code and the schema know the same actions in the same groups', () => {
  const groups = Object.fromEntries(ACTION_GROUPS.map((group) => [group, []]))
  const declared = Object.entries(schema.actions).map(([name, { memberOf }]) => [
    name,
    (memberOf ?? []).map(({ id }) => id).sort(),
  ])
  const known = Object.entries(ACTIONS).map(([name, list]) => [name, [...list].sort()])
  expect(Object.fromEntries(declared)).toEqual({ ...groups, ...Object.fromEntries(known) })
})

test('R-POL-3: the code and the schema know the same resource types', () => {
  const applied = Object.values(schema.actions).flatMap(({ appliesTo }) => appliesTo?.resourceTypes ?? [])
  const withLabels = Object.entries(schema.entityTypes).filter(([, { shape }]) =>
    names(shape).includes('labels'),
  )
  expect(withLabels.map(([name]) => name).sort()).toEqual([...RESOURCE_TYPES].sort())
  expect(applied.filter((type) => !(RESOURCE_TYPES as readonly string[]).includes(type))).toEqual([])
})

test('R-POL-3: entities and contexts are made as the schema declares them', () => {
  expect(CONTEXT_SHAPE.names.toSorted()).toEqual(names(schema.commonTypes['Context']))
  expect(HISTORY_SHAPE.names.toSorted()).toEqual(names(schema.commonTypes['History']))
  expect(WORKLOAD_SHAPE.names.toSorted()).toEqual(names(schema.commonTypes['Workload']))
  expect(APPROVE_SHAPE.names.toSorted()).toEqual(names(schema.commonTypes['ApproveContext']))
  expect(TASK_SHAPE.names.toSorted()).toEqual(names(schema.entityTypes['Task']?.shape))
  expect(APPROVAL_SHAPE.names.toSorted()).toEqual(names(schema.entityTypes['Approval']?.shape))
  const plain = RESOURCE_TYPES.filter((type) => type !== 'Approval')
  for (const type of plain) {
    expect(names(schema.entityTypes[type]?.shape)).toEqual(RESOURCE_SHAPE.names.toSorted())
  }
})

test('R-POL-3: docs/policy.md explains every action, type, label, fact and annotation', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/policy.md', import.meta.url)), 'utf8')
  const words = [
    ...Object.keys(ACTIONS),
    ...ACTION_GROUPS,
    ...RESOURCE_TYPES,
    ...Object.keys(LABELS),
    ...CONTEXT_SHAPE.names,
    ...HISTORY_SHAPE.names,
    ...WORKLOAD_SHAPE.names,
    ...TASK_SHAPE.names,
  ]
  expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([])
  expect(Object.keys(ANNOTATIONS).filter((word) => !page.includes(`\`@${word}`))).toEqual([])
})
