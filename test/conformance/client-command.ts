/** What the suite runs as the client under test: hands the scenario to the test, whose gateway is the client. */
const { env, argv } = process
const scenario = {
  url: argv.at(-1),
  name: env['MCP_CONFORMANCE_SCENARIO'],
  revision: env['MCP_CONFORMANCE_PROTOCOL_VERSION'],
  context: env['MCP_CONFORMANCE_CONTEXT'],
}
const answer = await fetch(argv[2] ?? '', { method: 'POST', body: JSON.stringify(scenario) })
console.log(await answer.text())
process.exitCode = answer.ok ? 0 : 1
