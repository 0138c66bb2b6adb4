"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import * as Radix from "radix-ui/dialog";
import { type ReactNode, useRef } from "react";
import { IconButton } from "./button";
import { classNames } from "./class-names";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Beside the title, as a result's badge or how long it took. */
  aside?: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  /** At most 840. */
  width?: number;
  /** Called when the dialog has opened; prevent its default to set the focus yourself. */
  onOpenAutoFocus?: (event: Event) => void;
  children: ReactNode;
}

/** A floating layer over the page; a full-height sheet on a phone. Esc closes it. */
export function Dialog(props: DialogProps) {
  const t = useTranslations("common");
  const cameFrom = useRef<Element | null>(null);
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-bg/70 data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in" />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-center justify-center sm:p-6">
          <Radix.Content
            onOpenAutoFocus={(event) => {
              cameFrom.current = document.activeElement;
              props.onOpenAutoFocus?.(event);
            }}
            onCloseAutoFocus={(event) => {
              // Radix gives the focus back to a trigger of its own only, and these dialogs have none
              event.preventDefault();
              if (cameFrom.current instanceof HTMLElement && cameFrom.current.isConnected) {
                cameFrom.current.focus({ preventScroll: true });
              }
            }}
            {...(props.description ? {} : { "aria-describedby": undefined })}
            style={{ maxWidth: Math.min(props.width ?? 640, 840) }}
            className={classNames(
              "pointer-events-auto flex w-full flex-col overflow-hidden bg-raised shadow-float outline-none",
              "h-full sm:h-auto sm:max-h-full sm:rounded-dialog",
              "data-[state=closed]:animate-float-out data-[state=open]:animate-float-in",
            )}
          >
            <header className="flex items-start gap-3 px-5 pt-4 pb-2">
              <div className="min-w-0 flex-1">
                <Radix.Title className="flex flex-wrap items-center gap-2 text-dialog font-semibold">
                  {props.title}
                </Radix.Title>
                {props.description && (
                  <Radix.Description className="mt-0.5 text-text-2">{props.description}</Radix.Description>
                )}
              </div>
              {props.aside && <div className="pt-0.5 text-label text-text-2">{props.aside}</div>}
              <Radix.Close asChild>
                <IconButton label={t("close")} size="small">
                  <X size={16} aria-hidden />
                </IconButton>
              </Radix.Close>
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{props.children}</div>
            {props.footer && (
              <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">
                {props.footer}
              </footer>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
