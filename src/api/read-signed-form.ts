import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Actor } from '../gate/administration.ts'
import { readBody } from '../net/read-body.ts'
import type { BrowserDoor } from './browser-door.ts'
import { MOST_FORM, parseForm } from './read-form.ts'

/**
 * A form of a page of this plane, and who sent it.
 * @throws RemitError `origin_refused`, `login_needed`, `login_refused`, `signature_invalid`, `signature_replayed`, `body_*`.
 */
export async function readSignedForm(
  browsers: BrowserDoor,
  request: IncomingMessage,
): Promise<{ readonly actor: Actor; readonly values: URLSearchParams }> {
  // Its pages say where they are from, in every browser of today; anything else is not one.
  if (request.headers.origin === undefined) {
    throw new RemitError('origin_refused', 'a form must say which page it is from')
  }
  const bytes = await readBody(request, MOST_FORM)
  const actor = browsers.login.actorOf(await browsers.prove(request, bytes))
  return { actor, values: parseForm(bytes, request.headers['content-type']) }
}
