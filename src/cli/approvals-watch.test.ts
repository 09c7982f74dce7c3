import { describe, expect, test } from 'vitest'
import { sampleApproval } from '../../test/suites/sample-records.ts'
import { noticeOf, noticeProgram, tellDesktop } from './desktop-notice.ts'
import { WatchList } from './watch-list.ts'

const gate = sampleApproval('x').gates[0]!
const low = { gates: [{ ...gate, severity: 'low' as const }] }
const one = sampleApproval('apr_1', { ...low, created: 2, expires: 90_000, tool: 'push\u001b[2K' })
const old = sampleApproval('apr_0', { ...low, created: 1, expires: 50_000 })
const grave = sampleApproval('apr_9', { created: 3, expires: 90_000 })

describe('R-UX-2: watching at a terminal', () => {
  test('lists the gravest first and then what waits longest, without what ran out, and nothing drives the terminal', () => {
    const list = new WatchList()
    expect(list.hear([one, grave, old], true)).toHaveLength(3)
    const lines = list.lines(0)
    expect(lines.map((line) => line.slice(0, 13))).toEqual([
      '  1  high    ',
      '  2  low     ',
      '  3  low     ',
    ])
    expect(lines[2]).toContain('git__push\\u{1b}[2K  for ada, 90 s left')
    expect(list.lines(50_000)).toHaveLength(2)
    expect(list.hear([one], false)).toEqual([])
    expect(list.hear([{ ...one, state: 'granted' }, sampleApproval('apr_2', low)], false)).toHaveLength(1)
    list.hear([], true)
    expect(list.lines(0)).toEqual([])
  })

  test('R-CON-2: nothing is approved that has not been opened, and nothing refused without a reason', () => {
    const list = new WatchList()
    list.hear([one, grave], true)
    list.lines(0)
    expect(list.read('a')).toEqual({ kind: 'wrong', why: 'open a request first, by its number' })
    expect(list.read('2')).toEqual({ kind: 'open', id: 'apr_1' })
    // What comes meanwhile does not change what a number means until the list is shown again.
    list.hear([sampleApproval('apr_8')], false)
    expect(list.line(sampleApproval('apr_8'), 0)).toMatch(/^  3  high/)
    expect(list.read(' 1 ')).toEqual({ kind: 'open', id: 'apr_9' })
    expect(list.read('3')).toEqual({ kind: 'open', id: 'apr_8' })
    expect(list.read('4').kind).toBe('wrong')
    list.opened = 'apr_9'
    expect(list.read('a looks fine')).toEqual({
      kind: 'approve',
      id: 'apr_9',
      forTask: false,
      comment: 'looks fine',
    })
    expect(list.read('t')).toEqual({ kind: 'approve', id: 'apr_9', forTask: true })
    expect(list.read('r').kind).toBe('wrong')
    expect(list.read('r not today')).toEqual({ kind: 'refuse', id: 'apr_9', reason: 'not today' })
    expect(list.read('yes').kind).toBe('wrong')
    expect(['', 'l', 'b', '?', 'q'].map((line) => list.read(line).kind)).toEqual([
      'nothing',
      'list',
      'back',
      'help',
      'quit',
    ])
  })
})

describe('R-CON-2: a notice on the desktop', () => {
  test('says who and how grave, and nothing that an agent or a tool wrote; its text is data to every program', () => {
    const human = '<b>ada</b>' as typeof one.human
    const notice = noticeOf([{ ...one, human, tool: '--version' }])
    expect(notice.body).toBe('<b>ada</b>’s agent wants to use git (severity low)')
    expect(noticeProgram('linux', notice)?.args.slice(-3)).toEqual([
      '--',
      'Remit: a request waits',
      '&lt;b&gt;ada&lt;/b&gt;’s agent wants to use git (severity low)',
    ])
    expect(noticeProgram('darwin', notice)?.args.slice(-3)).toEqual(['--', notice.title, notice.body])
    expect(noticeProgram('win32', notice)).toBeUndefined()
    expect(noticeOf([one, old]).body).toBe('2 requests wait for you')
  })

  test('rings the bell where the desktop cannot be told', async () => {
    const rung: string[] = []
    await tellDesktop(
      [one],
      (text) => rung.push(text),
      () => Promise.resolve(false),
    )
    expect(rung).toEqual(['\u0007'])
    await tellDesktop(
      [one],
      (text) => rung.push(text),
      () => Promise.resolve(true),
    )
    expect(rung).toHaveLength(process.platform === 'win32' ? 2 : 1)
  })
})
