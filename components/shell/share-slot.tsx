"use client";

import { ShareButton } from "@/components/share/share-button";

/** Where the Share button of the page stands. */
export function ShareSlot() {
  return <ShareButton />;
}
