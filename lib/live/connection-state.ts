/** How live data reaches this page. */
export interface ConnectionState {
  /** `push` and `polling` bring data; `lost` brings none; `frozen` is a stored view. */
  mode: "connecting" | "push" | "polling" | "lost" | "signed_out" | "frozen";
  /** Tries since data last came. */
  attempt: number;
  /** When the next try is made, on this browser's clock; null while none is planned. */
  retryAtMs: number | null;
}

/** Seconds between two polls while the push is down. */
export const pollSeconds = 2;
