/**
 * Headers that the custom server sets on each request, whatever the client sent in them, for pages and
 * handlers that Next runs.
 */
export const pathHeader = "x-wirewatch-path";
/** The address of the client. */
export const peerHeader = "x-wirewatch-peer";
export const nonceHeader = "x-nonce";
