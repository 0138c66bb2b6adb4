/**
 * Whether a close frame may carry the code: 1005, 1006 and 1015 are for what happened without one, 1004 and the
 * rest below 3000 are not assigned. Source: RFC 6455, section 7.4, and the registry of IANA.
 */
export function isCloseCode(code: number): boolean {
  if (code >= 3_000) return code <= 4_999;
  return (code >= 1_000 && code <= 1_003) || (code >= 1_007 && code <= 1_014);
}

/** The close frame's code when none was sent, and when no close frame came at all. */
export const noCode = 1_005;
export const noCloseFrame = 1_006;
