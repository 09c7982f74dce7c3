/** Path below which this gateway’s pages lie; empty where they have a host of their own. */
export const BASE = document.querySelector('meta[name=remit-base]')?.getAttribute('content') ?? ''
