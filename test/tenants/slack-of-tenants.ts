import { CONVERSATION, pressBody, slackHeaders, WORKSPACE } from '../support/fake-slack.ts'
import { tenantOf } from '../support/two-tenants.ts'

/** One member of Slack, who is somebody else in each tenant. */
const MEMBER = 'U0MONA'

/** A tenant in which its mona answers in Slack; nothing is ever told there. */
export function inSlack(tenant: string): string {
  return `${tenantOf(tenant).replace(`id: ${tenant}-mona`, `id: ${tenant}-mona, slack: ${MEMBER}`)}notify:
  slack:
    token: secret:bot
    channel: ${CONVERSATION}
    apiUrl: https://127.0.0.1:9/api
    answers: { signingSecret: "secret:signing", workspace: ${WORKSPACE} }
`
}

export function signingSecrets(...tenants: readonly string[]): Record<string, string> {
  const name = (tenant: string): string => `REMIT_TENANT_${tenant.toUpperCase()}__SECRET_SIGNING`
  return Object.fromEntries(tenants.map((tenant) => [name(tenant), signingOf(tenant)]))
}

/** A member approves a request at an admin plane, as Slack of a tenant signs it. @returns the status. */
export async function approveInSlack(admin: string, tenant: string, approval: string): Promise<number> {
  const body = pressBody({ member: MEMBER, action: 'remit.approve', value: approval })
  const headers = slackHeaders(body, Date.now(), signingOf(tenant))
  return (await fetch(`${admin}/slack/interactions`, { method: 'POST', body, headers })).status
}

function signingOf(tenant: string): string {
  return `signing-secret-of-${tenant}`
}
