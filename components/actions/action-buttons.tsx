"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Tooltip } from "@/components/ui/tooltip";
import type { ActionKind } from "@/lib/contract/console-api";
import { ActionIcon } from "./action-icon";
import { useActions } from "./actions-context";

const kinds: readonly ActionKind[] = ["cleanup-connections", "force-gc", "reload-config"];

/** The remedies of a server. A viewer sees them disabled, with the role they need. */
export function ActionButtons({ label }: { label: string }) {
  const t = useTranslations("common");
  const actions = useActions();
  if (!actions) return null;
  const needed = t("needsRole", { role: t("role.operator") });
  return (
    <fieldset className="m-0 flex min-w-0 flex-wrap gap-2 border-0 p-0" aria-label={label}>
      {kinds.map((kind) => {
        const button = (
          <Button
            key={kind}
            icon={<ActionIcon kind={kind} />}
            disabled={!actions.allowed}
            onClick={() => actions.open(kind)}
          >
            {t(`action.${kind}`)}
          </Button>
        );
        if (actions.allowed) return button;
        return (
          <Tooltip key={kind} text={needed}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a disabled button takes no focus, and its reason must be reachable */}
            <span tabIndex={0} className="rounded-control">
              {button}
            </span>
          </Tooltip>
        );
      })}
    </fieldset>
  );
}
