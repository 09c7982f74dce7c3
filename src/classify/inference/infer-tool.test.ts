import { describe, expect, test } from 'vitest'
import { inferTool, type DescribedTool } from './infer-tool.ts'

function actions(name: string, more: Omit<DescribedTool, 'name'> = {}): string {
  return inferTool({ name, ...more }).actions.join(' ')
}

describe('R-CLS-2: an unknown tool is judged by its own words, to the dangerous side', () => {
  test.each([
    ['list_customers', 'data.read'],
    ['getUserProfile', 'data.read'],
    ['pods_top', 'data.read'],
    ['get_release_notes', 'data.read'],
    ['create_customer', 'data.write'],
    ['get_or_create', 'data.write data.read'],
    ['drop_database', 'data.delete'],
    ['deleteAllFiles', 'data.delete'],
    ['delete_email', 'data.delete'],
    ['send_email', 'message.send'],
    ['slack_post_message', 'data.write message.send'],
    ['send_money', 'money.send'],
    ['refund_payment', 'money.send'],
    ['run_query', 'code.execute data.read'],
    ['call_tool', 'code.execute'],
    ['browser_evaluate', 'code.execute'],
    ['merge_branch', 'pr.merge'],
    ['deploy_service', 'deploy.run'],
    ['get_user_secrets', 'secret.read data.read'],
    ['skill_search', 'data.read'],
    ['get_address', 'data.read'],
    ['frobnicate', 'data.write'],
  ])('%s ▸ %s', (name, expected) => {
    expect(actions(name)).toBe(expected)
  })

  test('reading must be said by name, arguments and description alike', () => {
    const schema = (...names: string[]) => ({
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    })
    expect(actions('get_page', { description: 'Gets a page.', inputSchema: schema('id') })).toBe('data.read')
    expect(actions('get_page', { inputSchema: schema('content') })).toContain('data.write')
    expect(actions('get_page', { inputSchema: schema('command') })).toContain('code.execute')
    expect(actions('get_page', { description: 'Deletes a page.' })).toContain('data.delete')
    expect(actions('list_rows', { description: 'Lists rows. Also deletes stale ones.' })).toContain(
      'data.delete',
    )
    expect(actions('get_page', { description: 'Gets a page. Does not delete anything.' })).toBe('data.read')
    const choice = { properties: { method: { type: 'string', enum: ['get', 'delete'] } } }
    expect(actions('page_read', { inputSchema: choice })).toContain('data.delete')
  })

  test('hints of a server make it worse, never better', () => {
    expect(actions('list_rows', { annotations: { destructiveHint: true } })).toContain('data.delete')
    expect(actions('list_rows', { annotations: { readOnlyHint: false } })).toContain('data.write')
    expect(actions('drop_database', { annotations: { readOnlyHint: true, destructiveHint: false } })).toBe(
      'data.delete',
    )
    expect(actions('frobnicate', { annotations: { readOnlyHint: true } })).toBe('data.write')
  })

  test('R-CLS-4: a name of look-alike or invisible letters is not understood', () => {
    expect(inferTool({ name: 'rеad_file' })).toMatchObject({ understood: false })
    expect(inferTool({ name: 'read\u200b_file' })).toMatchObject({ understood: false })
    expect(inferTool({ name: 'dеlete_file' }).actions).toContain('data.delete')
    expect(inferTool({ name: 'read_file' })).toMatchObject({ understood: true })
    expect(inferTool({ name: 'frobnicate' })).toMatchObject({ understood: false })
  })
})
