import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { ADAPTERS } from '../../src/hooks/adapters.ts'

interface Recorded {
  readonly agent: string
  /** Program and version, or the documentation. */
  readonly source: string
  readonly events: readonly {
    readonly about: string
    readonly payload: JsonObject
    /** As it is to be read, whole. */
    readonly event: JsonObject
  }[]
}

const FOLDER = join(import.meta.dirname, 'payloads')
const recorded = readdirSync(FOLDER).map(
  (name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded,
)

describe.each(recorded)('R-AGT-1: payloads of $agent ($source)', ({ agent, events }) => {
  test.each(events)('$about', ({ payload, event }) => {
    expect(ADAPTERS.get(agent)?.read(payload)).toEqual(event)
  })
})
