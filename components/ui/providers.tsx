"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { RequestFailure } from "@/lib/query/fetch-json";
import { ThemeProvider } from "./theme";
import type { Theme } from "./theme-cookie";
import { Toaster } from "./toast";

/** A refusal stays a refusal; only what may pass by itself is tried again. */
function shouldRetry(failures: number, error: Error): boolean {
  const passing = error instanceof RequestFailure && (error.status === 0 || error.status >= 500);
  return passing && failures < 2;
}

export function Providers({ theme, children }: { theme: Theme; children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false } } }),
  );
  return (
    <ThemeProvider initial={theme}>
      <QueryClientProvider client={client}>
        <NuqsAdapter>{children}</NuqsAdapter>
      </QueryClientProvider>
      <Toaster />
    </ThemeProvider>
  );
}
