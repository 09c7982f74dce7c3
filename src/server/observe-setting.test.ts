import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ObserveRule } from '../policy/observe-policies.ts'
import { entriesOf, hashOfRules, observedNow, ObserveSetting, rulesOf } from './observe-setting.ts'

const SECRETS = { policy: 'secrets', until: 1_000 }
const REVIEW = { workflow: 'review', until: 1_000 }

describe('R-POL-8: the observe setting while the gateway runs', () => {
  test('follows what is read, and observes nothing while it cannot be read', () => {
    const setting = new ObserveSetting([SECRETS], false)
    expect(setting.read([SECRETS, REVIEW])).toEqual({ changed: true, held: false })
    expect(setting.rules).toEqual([SECRETS, REVIEW])
    expect(setting.lost()).toBe(true)
    expect(setting.rules).toEqual([])
    expect(setting.lost()).toBe(false)
    expect(setting.read([REVIEW, SECRETS])).toEqual({ changed: true, held: false })
    expect(setting.read([SECRETS, REVIEW])).toEqual({ changed: false, held: false })
  })

  test('observing more, or longer, waits for a second person where that is asked for; less never does', () => {
    const setting = new ObserveSetting([SECRETS], true)
    const longer = [{ ...SECRETS, until: 2_000 }, REVIEW]
    expect(setting.read(longer)).toEqual({ changed: true, held: true })
    expect(setting.rules).toEqual([])
    expect(() => setting.accept('0'.repeat(64))).toThrow('waits')
    setting.accept(setting.waiting?.hash ?? '')
    expect(setting.rules).toEqual(longer)
    expect(setting.read([REVIEW])).toEqual({ changed: true, held: false })
    expect(setting.read([{ ...REVIEW, until: 500 }])).toEqual({ changed: true, held: false })
    expect(setting.read([REVIEW])).toEqual({ changed: true, held: true })
  })

  test('a file that was broken for a while needs nobody to agree again', () => {
    const setting = new ObserveSetting([SECRETS], true)
    setting.lost()
    expect(setting.read([SECRETS])).toEqual({ changed: true, held: false })
    expect(setting.rules).toEqual([SECRETS])
  })

  test('a restart agrees to nothing', () => {
    const setting = new ObserveSetting([SECRETS, REVIEW], true)
    setting.resume(rulesOf({ observing: [...entriesOf([SECRETS])] }))
    expect(setting.rules).toEqual([SECRETS])
    expect(setting.waiting?.held).toEqual(entriesOf([SECRETS, REVIEW]))
    const free = new ObserveSetting([REVIEW], false)
    free.resume([])
    expect(free.rules).toEqual([REVIEW])
  })

  test('whatever is read in whatever order, nothing that nobody agreed to is observed', () => {
    const rule: fc.Arbitrary<ObserveRule> = fc.record({
      policy: fc.constantFrom('a', 'b', 'c'),
      until: fc.integer({ min: 1, max: 5 }),
    })
    const step = fc.oneof(fc.array(rule, { maxLength: 4 }), fc.constant('lost' as const))
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), fc.array(step, { maxLength: 8 }), (agreed, steps) => {
        const setting = new ObserveSetting(agreed, true)
        for (const each of steps) {
          if (each === 'lost') setting.lost()
          else setting.read(each)
          for (const { policy, until } of setting.rules) {
            expect(agreed.some((first) => first.policy === policy && first.until >= until)).toBe(true)
          }
        }
      }),
    )
  })

  test('is told in words until it ends, and has one hash in whatever order', () => {
    expect(observedNow([SECRETS, { ...REVIEW, until: 500 }], 500)).toEqual([
      { what: 'policy secrets', until: '1970-01-01T00:00:01.000Z' },
    ])
    expect(hashOfRules([SECRETS, REVIEW])).toBe(hashOfRules([REVIEW, SECRETS]))
    expect(rulesOf(undefined)).toEqual([])
  })
})
