import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../test/support/free-port.ts'

/** The peers from npm, pinned. They are fetched into a folder of their own, since nothing but this needs them. */
const PINNED = { 'mcp-proxy': '6.7.19', supergateway: '4.0.0' } as const
export type Peer = keyof typeof PINNED

export interface RunningPeer {
  readonly name: string
  readonly url: string
  readonly child: ChildProcess
}

const folder = join(tmpdir(), `remit-bench-peers-${Object.values(PINNED).join('-')}`)

/** @throws Error that says what could not be fetched. */
export function fetchPeers(): void {
  if (existsSync(join(folder, 'node_modules', 'supergateway'))) return
  const wanted = Object.entries(PINNED).map(([name, version]) => `${name}@${version}`)
  console.log(`fetching ${wanted.join(' and ')} into ${folder}`)
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', ...wanted]
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`npm could not fetch ${wanted.join(' and ')}; is there a registry?`)
}

/** Starts a peer that serves a stdio server over Streamable HTTP, with a session for each client. */
export async function startPeer(peer: Peer, script: string): Promise<RunningPeer> {
  const port = await freePort()
  const bin = join(folder, 'node_modules', '.bin', peer)
  const args: Record<Peer, readonly string[]> = {
    'mcp-proxy': [
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--server',
      'stream',
      '--',
      process.execPath,
      script,
    ],
    supergateway: `--outputTransport streamableHttp --stateful --logLevel none --port ${port}`
      .split(' ')
      .concat('--stdio', `${process.execPath} ${script}`),
  }
  const child = spawn(process.execPath, [bin, ...args[peer]], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/mcp`
  await answers(url, child)
  return { name: `${peer} ${PINNED[peer]}`, url, child }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${url}: the peer ended with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer !== undefined) return
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
  throw new Error(`${url}: the peer does not answer`)
}
