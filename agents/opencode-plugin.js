// Asks the gateway about each tool of opencode, before and after it, and says that it was loaded: a plugin, since opencode has no other hooks.
// In `opencode.json`: { "plugin": ["file:///…/agents/opencode-plugin.js"] }. Whatever is not clearly allowed throws, which
// is opencode's way of a no. Plain JavaScript that imports nothing until it asks: a plugin that cannot be loaded is passed
// over in silence, so nothing here may fail before a tool is asked about. opencode calls every export, so there is one.

export const Remit = async ({ client, directory }) => {
  const conversation = conversations(client)
  const about = aboutTool(client, directory, conversation)
  // That hooks are alive. Nobody waits for it, and a tool is refused where the gateway is not there.
  ask({ event: 'start', directory }).catch(() => undefined)
  return {
    event: async ({ event }) => {
      if (event.type !== 'session.idle') return
      // An end that is not told leaves a sub-agent's task open until its agent's ends.
      const told = await conversation(event.properties.sessionID).catch(() => ({}))
      if (told.subAgent !== undefined)
        await ask({ event: 'sub-agent-ended', directory, ...told }).catch(() => undefined)
    },
    'tool.execute.before': async (input, output) => {
      try {
        await ask(await about('before', input, output.args))
      } catch (thrown) {
        throw new Error(`remit: ${thrown.message}`, { cause: thrown })
      }
    },
    'tool.execute.after': async (input, output) => {
      try {
        const told = await ask({ ...(await about('after', input, input.args)), result: output })
        if (told?.result !== undefined) replace(output, told.result)
      } catch (thrown) {
        // What nobody looked through is not shown.
        replace(output, { value: `remit: ${thrown.message}` })
      }
    },
  }
}

/** Tells of a session what it is: the agent's own, or a child of one, which is a sub-agent of the session at the root. */
function conversations(client) {
  const parents = new Map()

  async function parentOf(sessionID) {
    if (!parents.has(sessionID)) {
      const { data } = await client.session.get({ path: { id: sessionID } })
      if (data === undefined) throw new Error('opencode does not tell whose session this is')
      parents.set(sessionID, data.parentID)
    }
    return parents.get(sessionID)
  }

  return async (sessionID) => {
    const parent = await parentOf(sessionID)
    if (parent === undefined) return { sessionID }
    let root = parent
    for (let above = await parentOf(root); above !== undefined; above = await parentOf(root)) root = above
    return { sessionID: root, subAgent: sessionID, subAgentParent: parent }
  }
}

function aboutTool(client, directory, conversation) {
  /** `server_tool` belongs to the server with the longest name that fits. */
  async function owner(tool) {
    if (!tool.includes('_')) return { tool }
    const { data } = await client.mcp.status()
    if (data === undefined) throw new Error('opencode does not tell its MCP servers')
    const [server] = Object.keys(data)
      .filter((name) => tool.startsWith(`${plain(name)}_`))
      .sort((a, b) => b.length - a.length)
    return server === undefined ? { tool } : { server, tool: tool.slice(plain(server).length + 1) }
  }

  return async (event, { tool, sessionID, callID }, args = {}) => ({
    event,
    callID,
    directory,
    args,
    ...(await conversation(sessionID)),
    ...(await owner(tool)),
  })
}

/** What the gateway says; undefined = go on. @throws what it says when the tool may not run, or why it could not be asked. */
async function ask(payload) {
  const { askGateway } = await import('./client/ask-gateway.js')
  const { status, words } = await askGateway({
    agent: 'opencode',
    payload: Buffer.from(JSON.stringify(payload)),
    // opencode itself is the agent.
    from: process.pid,
    environ: process.env,
  })
  if (status !== 200) throw new Error(words.trim() || `the gateway answered ${status}`)
  return words.trim() === '' ? undefined : JSON.parse(words)
}

/** In place, since opencode keeps the object. A result that may not be shown comes as its reason, `value`. */
function replace(output, result) {
  const words = result.value
  if (words === undefined) {
    Object.assign(output, result)
    return
  }
  if ('content' in output) output.content = [{ type: 'text', text: String(words) }]
  else Object.assign(output, { output: String(words), metadata: {} })
}

/** opencode's own way with the names of MCP servers. */
function plain(name) {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, '_')
}
