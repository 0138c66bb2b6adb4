import type uPlot from "uplot";
import type { ChartBand, ChartLimit, ChartMarker } from "./chart-model";

export interface Overlay {
  limits: readonly ChartLimit[];
  bands: readonly ChartBand[];
  markers: readonly ChartMarker[];
}

type Colour = (token: string) => string;

const bandFill: Record<Exclude<ChartBand["kind"], "no_samples">, [token: string, alpha: number]> = {
  firing: ["--crit", 0.08],
  pending: ["--warn", 0.14],
  paused: ["--warn", 0.14],
};

/** Draws bands below the lines, and limits and the markers' drop lines above them, all from data. */
export function overlayPlugin(overlay: () => Overlay, colour: Colour): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (u) => {
        for (const band of overlay().bands) drawBand(u, band, colour);
      },
      draw: (u) => {
        for (const marker of overlay().markers) drawDropLine(u, marker, colour);
        for (const limit of overlay().limits) drawLimit(u, limit, colour);
      },
    },
  };
}

const ratio = () => window.devicePixelRatio || 1;
const x = (u: uPlot, timeMs: number) => Math.round(u.valToPos(timeMs / 1000, "x", true));

function drawBand(u: uPlot, band: ChartBand, colour: Colour): void {
  const left = Math.max(u.bbox.left, x(u, band.fromMs));
  const width = Math.min(u.bbox.left + u.bbox.width, x(u, band.toMs)) - left;
  if (width <= 0) return;
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, u.bbox.top, width, u.bbox.height);
  ctx.clip();
  if (band.kind === "no_samples") {
    ctx.strokeStyle = colour("--text-3");
    ctx.globalAlpha = 0.3;
    ctx.lineWidth = ratio();
    ctx.beginPath();
    for (let at = left - u.bbox.height; at < left + width; at += 6 * ratio()) {
      ctx.moveTo(at, u.bbox.top + u.bbox.height);
      ctx.lineTo(at + u.bbox.height, u.bbox.top);
    }
    ctx.stroke();
  } else {
    const [token, alpha] = bandFill[band.kind];
    ctx.fillStyle = colour(token);
    ctx.globalAlpha = alpha;
    ctx.fillRect(left, u.bbox.top, width, u.bbox.height);
  }
  ctx.restore();
}

function drawDropLine(u: uPlot, marker: ChartMarker, colour: Colour): void {
  const at = x(u, marker.atMs) + 0.5;
  if (at < u.bbox.left || at > u.bbox.left + u.bbox.width) return;
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = marker.label === null ? colour("--crit") : colour("--text-2");
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = ratio();
  ctx.setLineDash(marker.label === null ? [1.5 * ratio(), 2.5 * ratio()] : [3 * ratio(), 3 * ratio()]);
  ctx.beginPath();
  ctx.moveTo(at, u.bbox.top);
  ctx.lineTo(at, u.bbox.top + u.bbox.height);
  ctx.stroke();
  ctx.restore();
}

function drawLimit(u: uPlot, limit: ChartLimit, colour: Colour): void {
  const y = Math.round(u.valToPos(limit.value, "y", true)) + 0.5;
  const { ctx } = u;
  const tone = colour(limit.kind === "hard" ? "--crit" : "--warn");
  ctx.save();
  ctx.strokeStyle = tone;
  ctx.lineWidth = 1.2 * ratio();
  ctx.setLineDash([5 * ratio(), 3 * ratio()]);
  ctx.beginPath();
  ctx.moveTo(u.bbox.left, y);
  ctx.lineTo(u.bbox.left + u.bbox.width, y);
  ctx.stroke();
  ctx.font = `500 ${11 * ratio()}px "Inter Variable", "Noto Sans CJK SC", sans-serif`;
  const above = y - u.bbox.top > 15 * ratio();
  const width = ctx.measureText(limit.label).width;
  const left = u.bbox.left + 4 * ratio();
  const top = above ? y - 15 * ratio() : y + 3 * ratio();
  ctx.globalAlpha = 0.75;
  ctx.fillStyle = colour("--bg");
  ctx.fillRect(left - 2 * ratio(), top, width + 4 * ratio(), 13 * ratio());
  ctx.globalAlpha = 1;
  ctx.fillStyle = tone;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillText(limit.label, left, top + ratio());
  ctx.restore();
}
