"use client";

import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { type StatusKind, StatusShape } from "./status-shape";

// nobody needs a toast before the page stands, so none of this is in the way of its first figures
const sonner = () => import("sonner");
const Sonner = lazy(async () => ({ default: (await sonner()).Toaster }));

export interface ToastOptions {
  kind: StatusKind;
  /** What happened. */
  title: ReactNode;
  /** What is true now. */
  text?: ReactNode;
  action?: ReactNode;
  /** The same id replaces a toast that is still there. */
  id?: string;
}

/** Success leaves after 6 s, which hover and focus stop; failure and what still runs stay. */
export function showToast(options: ToastOptions): void {
  const stays = ["crit", "down", "warn", "info"].includes(options.kind);
  const draw = () => (
    <div className="flex w-[min(360px,calc(100vw-32px))] items-start gap-3 rounded-menu font-sans bg-surface-3 p-3 shadow-float">
      <StatusShape kind={options.kind} size={12} className="mt-[3px]" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{options.title}</p>
        {options.text && <p className="text-label text-text-2">{options.text}</p>}
      </div>
      {options.action}
    </div>
  );
  void sonner().then(({ toast }) =>
    toast.custom(draw, {
      ...(options.id === undefined ? {} : { id: options.id }),
      duration: stays ? Number.POSITIVE_INFINITY : 6_000,
    }),
  );
}

/** Mounted once, by the shell. */
export function Toaster() {
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  if (!mounted) return null;
  return (
    <Suspense>
      <Sonner
        position="bottom-right"
        visibleToasts={3}
        gap={8}
        offset={16}
        toastOptions={{ unstyled: true }}
      />
    </Suspense>
  );
}
