"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import type { PreviewFigure } from "./use-preview-figures";

/** The preview's four figures; one that changed at the newest reading says what it was. */
export function PreviewFigures(props: {
  figures: readonly PreviewFigure[];
  previewId: string | null;
  /** What was asked for: figures of other conditions are no change. */
  asked: string;
}) {
  const t = useTranslations("actions.preview");
  const was = useValuesBefore(props.figures, props.previewId, props.asked);
  return (
    <dl className="grid grid-cols-2 border-y md:grid-cols-4 [&>div]:border-r [&>div:last-child]:border-r-0 max-md:[&>div:nth-child(-n+2)]:border-b max-md:[&>div:nth-child(2n)]:border-r-0">
      {props.figures.map((figure) => {
        const before = was[figure.key];
        return (
          <div
            key={figure.key}
            data-figure={figure.key}
            data-changed={before !== undefined || undefined}
            className={classNames(
              "flex min-w-0 flex-col-reverse justify-end px-5 py-2.5",
              before !== undefined && "bg-accent-tint",
            )}
          >
            <dt className="min-w-0 text-label">
              <span className="block truncate text-text-1">{figure.label}</span>
              <span className="block min-h-4 truncate text-text-2">
                {before === undefined ? figure.context : t("was", { value: before })}
              </span>
            </dt>
            <dd className="figures m-0 truncate text-title font-semibold tracking-[-0.02em]">
              {figure.value}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Of the figures that differ between the two newest previews, what they were. */
function useValuesBefore(figures: readonly PreviewFigure[], previewId: string | null, asked: string) {
  const [was, setWas] = useState<Record<string, string>>({});
  const seen = useRef({ id: null as string | null, asked: "", values: {} as Record<string, string> });
  useEffect(() => {
    if (previewId === null || previewId === seen.current.id) return;
    const values = Object.fromEntries(figures.map((figure) => [figure.key, figure.value]));
    const { id, asked: askedBefore, values: before } = seen.current;
    seen.current = { id: previewId, asked, values };
    if (id === null || asked !== askedBefore) return setWas({});
    setWas(Object.fromEntries(Object.entries(before).filter(([key, value]) => values[key] !== value)));
  }, [figures, previewId, asked]);
  return was;
}
