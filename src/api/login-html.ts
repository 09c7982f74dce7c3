import { type Html, markup } from './html.ts'

/** Somebody else who says who people are. */
export interface LoginProvider {
  readonly name: string
  readonly label: string
}

/** What anybody sees who is not logged in; `pages/log-in.js` makes it work. */
export function loginBox(providers: readonly LoginProvider[]): Html {
  const others = providers.map(
    ({ name, label }) =>
      markup`<button class="provider" type="button" data-provider="${name}">Log in with ${label}</button>`,
  )
  return markup`<section id="login" class="card">
    <p id="login-problem" class="error" role="alert" hidden></p>
    <button id="use-passkey" class="main" type="button">Log in with a passkey</button>
    ${others}
    <form id="code-form" autocomplete="off">
      <p class="or">or</p>
      <label for="code">Your approver code</label>
      <input id="code" name="code" type="password" autocomplete="off" required />
      <button type="submit">Log in with the code</button>
    </form>
    <p class="quiet">
      Look at the address first: Remit never asks for a code on another one, and no agent needs it.
    </p>
  </section>`
}

/** Filled by `pages/login.js`, since a cookie alone shows nothing about anybody. */
export function accountBody(): Html {
  return markup`<p id="account-problem" class="error" role="alert" hidden></p>
    <p id="notice" class="good" role="status" hidden></p>
    <p id="recovery" class="warn" role="status" hidden></p>
    <div id="account" hidden>
      <p id="roles" class="quiet"></p>
      <p><a id="to-console" href="#">To the console: approvals, tasks, audit</a></p>
      <h2>Passkeys</h2>
      <p class="quiet">
        A passkey is your fingerprint, face, PIN or security key. It logs you in, and confirms decisions of high severity.
      </p>
      <ul id="passkeys" class="rows"></ul>
      <form id="enrol-form">
        <label for="passkey-name">Name of another passkey <small>so that you know it again</small></label>
        <input id="passkey-name" name="name" maxlength="100" placeholder="this laptop" />
        <button class="main" type="submit">Add a passkey</button>
      </form>
      <h2>Sessions</h2>
      <p class="quiet">Browsers in which you are logged in.</p>
      <ul id="sessions" class="rows"></ul>
      <button id="log-out" type="button">Log out</button>
      <section id="invite" hidden>
        <h2>Invite somebody</h2>
        <p class="quiet">
          A link that lets one person enrol their first passkey, once, within a day. Give it
          to them alone: whoever opens it becomes them. It is on record that you made it.
        </p>
        <form id="invite-form">
          <label for="invited">Who</label>
          <input id="invited" name="human" required />
          <label class="tick">
            <input id="recover" name="recover" type="checkbox" /> They lost their passkeys: the link replaces all of
            them and ends their sessions. They are told that you made it.
          </label>
          <button type="submit">Make a link</button>
        </form>
        <pre id="link" hidden></pre>
      </section>
      <section id="people" hidden>
        <h2>People of providers</h2>
        <p class="quiet">
          Whom a provider has logged in. Unlinking somebody ends their sessions and tasks here, their connections to servers,
          and their passkeys unless they are of the configuration; the next account with the name gets it.
        </p>
        <ul id="linked" class="rows"></ul>
      </section>
    </div>`
}

/** Where a browser is after it came back from a provider, until `pages/returned.js` has finished the login. */
export function returnedBody(): Html {
  return markup`<p id="returned" class="quiet" role="status">One moment: your login is being finished.</p>
    <p id="returned-problem" class="error" role="alert" hidden></p>
    <p id="again" hidden><a id="again-link" href="#">Back to the login</a></p>`
}

export function enrolBody(): Html {
  return markup`<p>
      With this link you enrol a passkey: your fingerprint, face, PIN or security key. From then on it logs
      you in here, and confirms decisions of high severity. The gateway keeps its public half alone. If you had
      passkeys here before, this one replaces them.
    </p>
    <p class="warn">
      The link works once, for one person. If you did not just ask for it, close this page.
    </p>
    <p id="enrol-problem" class="error" role="alert" hidden></p>
    <form id="enrol-form">
      <label for="passkey-name">Name of the passkey <small>so that you know it again</small></label>
      <input id="passkey-name" name="name" maxlength="100" placeholder="this laptop" />
      <button class="main" type="submit">Enrol a passkey</button>
    </form>`
}
