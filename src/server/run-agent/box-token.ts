/** Begins every token of a relay, and no token of a gateway. */
export const BOX_TOKEN = 'remit_box_'
