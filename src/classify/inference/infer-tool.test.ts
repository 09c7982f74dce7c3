import { splitWords } from './words.ts'
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
    ['run_query', 'code.execute data.delete data.read'],
    ['call_tool', 'code.execute data.delete'],
    ['browser_evaluate', 'code.execute data.delete'],
    ['merge_branch', 'pr.merge'],
    ['deploy_service', 'deploy.run'],
    ['get_user_secrets', 'secret.read data.read'],
    ['skill_search', 'data.read'],
    ['get_address', 'data.read'],
    ['frobnicate', 'data.write data.delete'],
    ['update_page', 'data.write data.delete'],
    ['scale_deployment', 'infra.write infra.delete'],
    ['get_api_key', 'secret.read data.read'],
    ['generate_types', 'data.read'],
    ['generate_access_token', 'data.write account.administer'],
    ['release_phone_number', 'data.delete'],
    ['send_keys', 'code.execute data.delete'],
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

  test('a tool that takes statements is one of a database', () => {
    const query = { properties: { query: { type: 'string' } } }
    const of = (name: string, description: string) => actions(name, { description, inputSchema: query })
    expect(of('execute_sql', 'Runs raw SQL.')).toBe('sql.execute sql.delete')
    expect(of('query_snowflake', 'Query Snowflake.')).toBe('sql.execute sql.delete sql.read')
    expect(of('query', 'Run a read-only SQL query.')).toBe('sql.read')
    expect(of('search_notes', 'Searches notes in the database.')).toBe('data.read')
  })

  test('lists of arguments, of occasions and of other tools are not what the tool does', () => {
    const read = (description: string) => actions('get_page', { description })
    expect(read('Gets a page.\n\nArgs:\n    email: whose\n    delete (bool): nothing')).toBe('data.read')
    expect(read('Gets a page. USE THIS WHEN:\n- Deleting pages is not wanted\n- Sharing a link')).toBe(
      'data.read',
    )
    expect(read('Gets a page. Use `delete_page` to get rid of it.')).toBe('data.read')
    expect(read('Comments of a page, by age.')).toBe('data.read')
    expect(read('Gets a page.\n- `delete`: Deletes it')).toContain('data.delete')
    expect(read('Gets a page and\ndeletes it.')).toContain('data.delete')
  })

  test('it says why', () => {
    const { reasons } = inferTool({ name: 'get_page', description: 'Gets a page. Deletes the draft.' })
    expect(reasons).toEqual([
      { deed: 'read', from: 'name', text: 'get_page' },
      { deed: 'delete', from: 'description', text: 'deletes the draft' },
    ])
  })

  test('hints of a server make it worse, never better', () => {
    expect(actions('list_rows', { annotations: { destructiveHint: true } })).toContain('data.delete')
    expect(actions('list_rows', { annotations: { readOnlyHint: false } })).toContain('data.write')
    expect(actions('drop_database', { annotations: { readOnlyHint: true, destructiveHint: false } })).toBe(
      'data.delete',
    )
    expect(actions('frobnicate', { annotations: { readOnlyHint: true } })).toBe('data.write data.delete')
  })

  test('R-CLS-4: a name of look-alike or invisible letters is not understood', () => {
    expect(inferTool({ name: 'rеad_file' })).toMatchObject({ understood: false })
    expect(inferTool({ name: 'read\u200b_file' })).toMatchObject({ understood: false })
    expect(inferTool({ name: 'dеlete_file' }).actions).toContain('data.delete')
    expect(inferTool({ name: 'read_file' })).toMatchObject({ understood: true })
    expect(inferTool({ name: 'frobnicate' })).toMatchObject({ understood: false })
  })
})

describe('R-CLS-2: what is final, or may run over what is there, counts as losing it', () => {
  const takes = (name: string) => ({ inputSchema: { properties: { [name]: { type: 'boolean' } } } })
  test.each<[string, Omit<DescribedTool, 'name'>]>([
    ['create_archive', takes('force')],
    ['close_account', { description: 'Closes an account. This cannot be undone.' }],
    ['create_snapshot', { description: 'Makes a snapshot, overwriting the last one.' }],
    ['archive_board', takes('permanent')],
    ['add_column', takes('delete_source')],
    ['schedule_key_deletion', {}],
    ['unshare_file', {}],
  ])('%s', (name, more) => {
    expect(actions(name, more)).toContain('delete')
  })

  test.each<[string, Omit<DescribedTool, 'name'>]>([
    ['get_page', takes('force')],
    ['get_deletion_status', {}],
    ['list_files', { description: 'Lists files, also those that were permanently removed.' }],
    ['create_note', { description: 'Makes a note without overwriting anything.' }],
    ['create_page', { description: 'Non-destructive: makes a page.' }],
  ])('but not %s', (name, more) => {
    expect(actions(name, more)).not.toContain('delete')
  })
})

test('R-CLS-2: a name of any length is split in linear time, at the same places', () => {
  expect(splitWords('parseHTTPResponse_XMLHttpRequest2JSONTo')).toEqual([
    'parse',
    'http',
    'response',
    'xml',
    'http',
    'request',
    'json',
    'to',
  ])
  // With the time of its square this would take days.
  expect(splitWords('L'.repeat(4_000_000))).toHaveLength(1)
})
