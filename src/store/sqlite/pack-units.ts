import type { SerialisedRecord } from '../../audit/serialise-record.ts'
import type { Change } from '../../core/change.ts'
import type { WrittenUnit } from './writer-messages.ts'

/**
 * Units as one flat list: for each its number of records and its changes, then five texts for each record.
 * What crosses threads is copied value by value, and objects cost twice what their texts do.
 */
export type PackedUnits = readonly (string | number | undefined | readonly Change[])[]

export function packUnits(units: readonly WrittenUnit[]): PackedUnits {
  const packed: (string | number | undefined | readonly Change[])[] = []
  for (const { records, changes } of units) {
    packed.push(records.length, changes.length === 0 ? undefined : changes)
    for (const { tenant, head, tail, detail, payload } of records) {
      packed.push(tenant, head, tail, detail, payload)
    }
  }
  return packed
}

const NO_CHANGES: readonly Change[] = []

/** @returns what was packed. */
export function unpackUnits(packed: PackedUnits): readonly WrittenUnit[] {
  const units: WrittenUnit[] = []
  for (let at = 0; at < packed.length;) {
    const end = at + 2 + Number(packed[at]) * 5
    const records: SerialisedRecord[] = []
    const changes = (packed[at + 1] as readonly Change[] | undefined) ?? NO_CHANGES
    for (at += 2; at < end; at += 5) records.push(recordAt(packed as readonly (string | undefined)[], at))
    units.push({ records, changes })
  }
  return units
}

function recordAt(packed: readonly (string | undefined)[], at: number): SerialisedRecord {
  const [tenant = '', head = '', tail = '', detail, payload] = packed.slice(at, at + 5)
  return {
    tenant,
    head,
    tail,
    ...(detail !== undefined && { detail }),
    ...(payload !== undefined && { payload }),
  }
}
