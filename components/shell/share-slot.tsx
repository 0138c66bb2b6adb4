"use client";

/** Where the Share button of the page stands. */
export function ShareSlot() {
  return null;
}
