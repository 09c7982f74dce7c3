/** What the buttons of a message are called, where they are made and where they are answered. */
export const SLACK_ACTIONS = { approve: 'remit.approve', refuse: 'remit.refuse', open: 'remit.open' } as const

/** The field beside them, and what is in it. */
export const SLACK_REASON = 'remit.reason'
