import type { HolderKey } from '../../src/identity/holder-key.ts'
import { CookieBrowser, type Seen } from './cookie-browser.ts'
import { DELEGATE, type OAuthFlow, type TokenAnswer } from './oauth-flow.ts'
import { APPROVER_CODE, type RunningGateway } from './running-gateway.ts'

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

export interface AskedDevice {
  readonly status: number
  readonly client_id: string
  readonly device_code: string
  readonly user_code: string
}

/** A client without a browser registers itself and asks for a code. */
export async function askForDevice(
  flow: OAuthFlow,
  more: Record<string, unknown> = {},
  known?: string,
): Promise<AskedDevice> {
  const client_id =
    known ??
    (
      await flow.register({
        redirect_uris: [],
        response_types: [],
        grant_types: [DEVICE_GRANT, 'refresh_token'],
        ...more,
      })
    ).client_id
  const response = await fetch(`${flow.base}/oauth/device`, {
    method: 'POST',
    body: new URLSearchParams({ client_id, resource: `${flow.base}/mcp` }),
  })
  const answer = (await response.json()) as Omit<AskedDevice, 'status' | 'client_id'>
  return { client_id, status: response.status, ...answer }
}

export function pollDevice(
  flow: OAuthFlow,
  { client_id, device_code }: Pick<AskedDevice, 'client_id' | 'device_code'>,
  key?: HolderKey,
): Promise<TokenAnswer> {
  return flow.token({ grant_type: DEVICE_GRANT, device_code, client_id }, key)
}

/** A human opens the page, logs in, and types what a terminal shows. @returns what they see then. */
export async function typeCode(
  { adminUrl }: Pick<RunningGateway, 'adminUrl'>,
  userCode: string,
): Promise<{ readonly browser: CookieBrowser; readonly form: Seen }> {
  const browser = new CookieBrowser('none:')
  const login = await browser.go(`${adminUrl}/device`)
  const entry = await browser.submit(login, { action: 'login', code: APPROVER_CODE })
  return { browser, form: await browser.submit(entry, { action: 'enter', user_code: userCode }) }
}

/** A human delegates to the terminal that shows a code. */
export async function answerDevice(
  gateway: Pick<RunningGateway, 'adminUrl'>,
  userCode: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  const { browser, form } = await typeCode(gateway, userCode)
  return browser.submit(form, { ...DELEGATE, seen: 'yes', ...fields })
}
