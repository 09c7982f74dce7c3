import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packFolder, readFile, request, SCHEMA_FILE } from '../../test/policy/samples.ts'
import { startPolicyEngine, type ReloadResult } from './policy-engine.ts'
import { watchPolicies } from './watch-policies.ts'

const READ = '@id("read") permit (principal is Task, action == Action::"file.read", resource);'
const NONE = '@id("read") forbid (principal is Task, action == Action::"file.read", resource);'

async function started() {
  const folder = await packFolder(READ)
  const locations = { folders: [folder], schemaFile: SCHEMA_FILE }
  const engine = await startPolicyEngine(locations)
  return { file: join(folder, 'pack.cedar'), locations, engine }
}

test('R-POL-3: a sound bundle replaces the old one; calls in flight keep theirs', async () => {
  const { file, engine } = await started()
  const inFlight = engine.current()
  await writeFile(file, NONE)
  expect((await engine.reload()).status).toBe('changed')
  expect(engine.current().decide(request([readFile()])).effect).toBe('deny')
  expect(inFlight.decide(request([readFile()])).effect).toBe('allow')
})

test('R-POL-3: a bad bundle leaves the old one in force and says where it is wrong', async () => {
  const { file, engine } = await started()
  const heard: ReloadResult[] = []
  const stop = engine.onChange((result) => heard.push(result))
  await writeFile(file, `${READ}\n@id("x") permit (principal, action, resorce);`)
  const result = await engine.reload()
  expect(result).toMatchObject({ status: 'refused', error: { code: 'policy_invalid' } })
  expect(result.status === 'refused' && result.error.message).toContain('pack.cedar:2:')
  expect(engine.current().decide(request([readFile()])).effect).toBe('allow')
  await writeFile(file, `${READ}\n// a comment`)
  expect((await engine.reload()).status).toBe('unchanged')
  stop()
  await writeFile(file, NONE)
  await engine.reload()
  expect(heard.map(({ status }) => status)).toEqual(['refused'])
})

test('R-POL-3: reloads asked for at once end with the newest files', async () => {
  const { file, engine } = await started()
  const first = engine.reload()
  await writeFile(file, NONE)
  await Promise.all([first, engine.reload(), engine.reload()])
  expect(engine.current().policies.at(-1)?.effect).toBe('forbid')
})

test('R-POL-3: nothing starts without a sound bundle', async () => {
  const folder = await packFolder('permit (principal, action, resource);')
  await expect(startPolicyEngine({ folders: [folder], schemaFile: SCHEMA_FILE })).rejects.toMatchObject({
    code: 'policy_invalid',
  })
})

test('R-POL-3: a file changed in place or by renaming is in force by itself', async () => {
  const { file, locations, engine } = await started()
  const watch = watchPolicies(engine, locations, (error) => {
    throw error
  })
  const changed = () => new Promise<string>((resolve) => engine.onChange(({ status }) => resolve(status)))
  try {
    let next = changed()
    await writeFile(file, NONE)
    expect(await next).toBe('changed')
    next = changed()
    await writeFile(`${file}.draft`, READ)
    await rename(`${file}.draft`, file)
    expect(await next).toBe('changed')
    expect(engine.current().decide(request([readFile()])).effect).toBe('allow')
  } finally {
    watch.close()
  }
})
