import { mkdir, mkdtemp, readFile as readText, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packFolder, readFile, request, SCHEMA_FILE } from '../../test/policy/samples.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'
import { compilePolicySet } from './compile-policy-set.ts'
import type { ParsedPolicy } from './parse-job.ts'
import { PolicyArchive } from './policy-archive.ts'
import { startPolicyEngine, type PolicyEngine, type ReloadResult } from './policy-engine.ts'
import { watchPolicies } from './watch-policies.ts'

const READ = '@id("read") permit (principal, action == Action::"file.read", resource);'
const NONE = '@id("read") forbid (principal is Task, action == Action::"file.read", resource);'

async function started() {
  const folder = await packFolder(READ)
  const locations = { folders: [folder], schemaFile: SCHEMA_FILE, ...parsedBefore() }
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

test('R-POL-7: without an archive only the set in force is found', async () => {
  const { engine } = await started()
  expect((await engine.find(engine.current().hash))?.hash).toBe(engine.current().hash)
  expect(await engine.find('0'.repeat(64))).toBeUndefined()
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

describe('R-POL-8: a loosening that needs a second person', () => {
  // Texts that several tests load are parsed once, so all their folders have one name.
  const CACHE = parsedBefore().cacheDir ?? join(tmpdir(), `remit-cache-${process.pid}`)
  async function holding(archive?: PolicyArchive) {
    const folder = join(await mkdtemp(join(tmpdir(), 'remit-policy-')), 'pack')
    await mkdir(folder)
    await writeFile(join(folder, 'pack.cedar'), NONE)
    const locations = { folders: [folder], schemaFile: SCHEMA_FILE, cacheDir: CACHE }
    const options = { holdLoosening: true, ...(archive === undefined ? {} : { archive }) }
    return { file: join(folder, 'pack.cedar'), start: () => startPolicyEngine(locations, options) }
  }
  const reads = (engine: PolicyEngine) => engine.current().decide(request([readFile()])).effect

  test('waits until exactly its hash is accepted', async () => {
    const { file, start } = await holding()
    const engine = await start()
    await writeFile(file, READ)
    const result = await engine.reload('alice')
    expect(result).toMatchObject({
      status: 'held',
      by: 'alice',
      waiting: {
        loosens: [
          { how: 'permit changed', what: 'read' },
          { how: 'forbid changed', what: 'read' },
        ],
      },
    })
    expect(reads(engine)).toBe('deny')
    expect((await engine.reload()).status).toBe('unchanged')
    await expect(engine.accept(engine.current().hash, 'mona')).rejects.toMatchObject({
      code: 'policy_not_waiting',
    })
    const seen = engine.waiting()?.held.set.hash ?? ''
    await writeFile(file, `${READ}\n${READ.replace('"read"', '"more"').replace('file.read', 'file.write')}`)
    await engine.reload()
    await expect(engine.accept(seen, 'mona')).rejects.toThrow('remit policy pending')
    const accepted = await engine.accept(engine.waiting()?.held.set.hash ?? '', 'mona')
    expect(accepted).toMatchObject({ status: 'changed', by: 'mona', changes: { added: ['more'] } })
    expect(reads(engine)).toBe('allow')
    expect(engine.waiting()).toBeUndefined()
  })

  test('what is asked for again is held again, and what does not wait cannot be accepted', async () => {
    const { file, start } = await holding()
    const engine = await start()
    const { hash } = engine.current()
    await expect(engine.accept(hash, 'mona')).rejects.toThrow(
      `no policies with the hash \`${hash}\` wait (nothing waits); look again with \`remit policy pending\``,
    )
    await writeFile(file, READ)
    const held = await engine.reload()
    expect(await engine.reload()).toStrictEqual({ status: 'unchanged', set: engine.current() })
    expect(await engine.reload('alice')).toStrictEqual({ ...held, by: 'alice', waiting: engine.waiting() })
    const waits = engine.waiting()?.held.set.hash ?? ''
    expect(waits).not.toBe(hash)
    await expect(engine.accept(hash, 'mona')).rejects.toThrow(`(what waits now is \`${waits}\`)`)
    expect(reads(engine)).toBe('deny')
  })

  test('a restart with nothing from before, or with the same, has nothing to hold', async () => {
    const { file, start } = await holding()
    await writeFile(file, READ)
    for (const former of [undefined, (await start()).current().hash]) {
      const engine = await start()
      await engine.resume(former)
      expect(reads(engine)).toBe('allow')
      expect(engine.waiting()).toBeUndefined()
    }
  })

  test('a restart with what only tightens takes it', async () => {
    const archive = new PolicyArchive(await mkdtemp(join(tmpdir(), 'remit-archive-')))
    const { file, start } = await holding(archive)
    await writeFile(file, READ)
    const { hash } = (await start()).current()
    await writeFile(file, NONE)
    const engine = await start()
    await engine.resume(hash)
    expect(reads(engine)).toBe('deny')
    expect(engine.current().hash).not.toBe(hash)
    expect(engine.waiting()).toBeUndefined()
  })

  test('a tightening takes effect at once, and a loosening taken back waits no more', async () => {
    const { file, start } = await holding()
    const engine = await start()
    const forbid = '@id("more") forbid (principal is Task, action == Action::"file.write", resource);'
    await writeFile(file, `${NONE}\n${forbid}`)
    expect(await engine.reload()).toMatchObject({ status: 'changed', loosens: [] })
    await writeFile(file, NONE)
    expect((await engine.reload()).status).toBe('held')
    await writeFile(file, `${NONE}\n${forbid}`)
    expect((await engine.reload()).status).toBe('unchanged')
    expect(engine.waiting()).toBeUndefined()
    await writeFile(file, NONE)
    await engine.reload()
    await writeFile(file, 'nonsense')
    expect((await engine.reload()).status).toBe('refused')
    expect(engine.waiting()).toBeUndefined()
  })

  test('a restart accepts nothing: what was in force stays, from its copy', async () => {
    const archive = new PolicyArchive(await mkdtemp(join(tmpdir(), 'remit-archive-')))
    const { file, start } = await holding(archive)
    const first = await start()
    await writeFile(file, READ)
    const second = await start()
    await second.resume(first.current().hash)
    expect(reads(second)).toBe('deny')
    expect(second.waiting()?.inForce.set.hash).toBe(first.current().hash)
    expect((await second.find(first.current().hash))?.hash).toBe(first.current().hash)
    await second.accept(second.waiting()?.held.set.hash ?? '', 'mona')
    expect(reads(second)).toBe('allow')
  })

  test('without a copy of what was in force only Remit’s own rules stand in, which permit nothing', async () => {
    const { file, start } = await holding()
    await writeFile(file, READ)
    const engine = await start()
    await engine.resume('0'.repeat(64))
    expect(reads(engine)).toBe('deny')
    expect(engine.current().policies.every(({ source }) => source === 'builtin')).toBe(true)
    expect(engine.waiting()?.loosens).toEqual([{ what: 'read', how: 'permit added' }])
  })

  test('what stays from before stays under the rules of the Remit that runs now', async () => {
    const archive = new PolicyArchive(await mkdtemp(join(tmpdir(), 'remit-archive-')))
    const { file, start } = await holding(archive)
    const { hash } = (await start()).current()
    const kept = await archive.find(hash)
    if (kept === undefined) throw new Error('no copy was kept')
    const { parsed, schemaText } = kept
    const gone = { ...parsed.policies[0], id: 'remit:gone' } as ParsedPolicy
    const older = {
      ...parsed,
      policies: [gone, ...parsed.policies.filter(({ id }) => id !== 'remit:scope')],
    }
    const set = compilePolicySet(older, schemaText)
    await archive.keep({ parsed: older, schemaText, set })
    await writeFile(file, READ)
    const engine = await start()
    await engine.resume(set.hash)
    expect(reads(engine)).toBe('deny')
    expect(engine.current().hash).toBe(hash)
    const ids = engine.current().policies.map(({ id }) => id)
    expect(ids).toContain('remit:scope')
    expect(ids).not.toContain('remit:gone')
  })

  test('a copy that was changed is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'remit-archive-'))
    const archive = new PolicyArchive(folder)
    const { start } = await holding(archive)
    const { hash } = (await start()).current()
    const path = join(folder, `${hash}.json`)
    expect((await archive.find(hash))?.set.hash).toBe(hash)
    const content = await readText(path, 'utf8')
    await writeFile(path, content.replaceAll('"effect":"forbid"', '"effect":"permit"'))
    expect(await archive.find(hash)).toBeUndefined()
    expect(await archive.find('../../etc/passwd')).toBeUndefined()
  })

  test('nothing is held where loosening is allowed', async () => {
    const { file, engine } = await started()
    await writeFile(file, `${READ}\n${READ.replace('"read"', '"more"').replace('file.read', 'file.write')}`)
    const before = engine.current()
    await engine.resume('0'.repeat(64))
    expect([engine.current(), engine.waiting()]).toEqual([before, undefined])
    expect(await engine.reload()).toMatchObject({ status: 'changed', loosens: [{ how: 'permit added' }] })
  })
})
