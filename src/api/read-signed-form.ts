import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Actor } from '../gate/administration.ts'
import { readBody } from '../net/read-body.ts'
import type { BrowserDoor } from './browser-door.ts'
import { type May, reachOf } from './may.ts'
import { MOST_FORM, parseForm } from './read-form.ts'

/**
 * A form of a page of this plane, and who sent it. @param may what of the page is for which role.
 * @throws RemitError `origin_refused`, `login_needed`, `login_refused`, `role_missing`, `signature_invalid`, `signature_replayed`, `body_*`.
 */
export async function readSignedForm(
  browsers: BrowserDoor,
  request: IncomingMessage,
  may: May,
): Promise<{ readonly actor: Actor; readonly values: URLSearchParams }> {
  // Its pages say where they are from, in every browser of today; anything else is not one.
  if (request.headers.origin === undefined) {
    throw new RemitError('origin_refused', 'a form must say which page it is from')
  }
  const bytes = await readBody(request, MOST_FORM)
  const actor = browsers.login.actorOf(await browsers.prove(request, bytes))
  reachOf(actor.human, may, 'this page')
  return { actor, values: parseForm(bytes, request.headers['content-type']) }
}
