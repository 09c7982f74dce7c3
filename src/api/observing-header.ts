/** On every answer to somebody known while rules are only observed: which, and until when. */
export const OBSERVING_HEADER = 'remit-observing'
