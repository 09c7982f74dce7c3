import type { AskingDevice } from '../gate/delegation-requests.ts'
import { type Html, markup, NOTHING } from './html.ts'
import { loginBox, type LoginProvider } from './login-html.ts'

/** What is known of a terminal that shows a code, and what somebody who sent the code would want. */
export function deviceWords({ userCode, address, program }: AskingDevice): Html {
  const claim = program === undefined ? NOTHING : markup` with a program that calls itself “${program}”`
  return markup`<p>It asked from <strong>${address}</strong>${claim}, and shows this code:</p>
    <p class="code">${userCode}</p>
    <p class="warn">
      Only go on if you see this code on your own terminal, in a program that you started yourself, just now.
      Whoever sent you this code, in a message or on a page, would get to act for you: refuse.
    </p>`
}

export function sameCode({ userCode }: AskingDevice): Html {
  return markup`<label class="tick">
    <input type="checkbox" name="seen" value="yes" required />
    My own terminal shows <strong>${userCode}</strong>
  </label>`
}

export function deviceLogin(providers: readonly LoginProvider[]): Html {
  return markup`<p>A terminal of yours shows a code and waits. Say first who you are.</p>
    ${loginBox(providers)}`
}

export function deviceForm(): Html {
  return markup`<p class="warn">
      Type only a code that your own terminal shows. If somebody sent it to you, close this page.
    </p>
    <p id="device-problem" class="error" role="alert" hidden></p>
    <form id="device" autocomplete="off">
      <label for="user_code">The code that your terminal shows</label>
      <input id="user_code" name="user_code" class="code" maxlength="20" required autofocus />
      <button class="main" name="action" value="enter">Go on</button>
    </form>`
}

const ANSWERS: Readonly<Record<string, string>> = {
  delegated: 'Your agent has its task. Go back to your terminal; this page can be closed.',
  refused: 'Nothing was given to anybody. This page can be closed.',
}

/** @returns undefined = no answer of that name. */
export function answeredWords(answer: string): Html | undefined {
  const words = Object.hasOwn(ANSWERS, answer) ? ANSWERS[answer] : undefined
  return words === undefined ? undefined : markup`<p>${words}</p>`
}
