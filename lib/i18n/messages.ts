import type { Locale } from "./locales";
import actions from "./messages/en/actions.json";
import common from "./messages/en/common.json";
import connections from "./messages/en/connections.json";
import errors from "./messages/en/errors.json";
import fleet from "./messages/en/fleet.json";
import health from "./messages/en/health.json";
import incidents from "./messages/en/incidents.json";
import login from "./messages/en/login.json";
import metrics from "./messages/en/metrics.json";
import server from "./messages/en/server.json";
import share from "./messages/en/share.json";
import shell from "./messages/en/shell.json";
import actionsZh from "./messages/zh-CN/actions.json";
import commonZh from "./messages/zh-CN/common.json";
import connectionsZh from "./messages/zh-CN/connections.json";
import errorsZh from "./messages/zh-CN/errors.json";
import fleetZh from "./messages/zh-CN/fleet.json";
import healthZh from "./messages/zh-CN/health.json";
import incidentsZh from "./messages/zh-CN/incidents.json";
import loginZh from "./messages/zh-CN/login.json";
import metricsZh from "./messages/zh-CN/metrics.json";
import serverZh from "./messages/zh-CN/server.json";
import shareZh from "./messages/zh-CN/share.json";
import shellZh from "./messages/zh-CN/shell.json";

/** Every namespace stands here once a language: what isn't listed isn't loaded. */
const en = {
  actions,
  common,
  connections,
  errors,
  fleet,
  health,
  incidents,
  login,
  metrics,
  server,
  share,
  shell,
};
const zh: Messages = {
  actions: actionsZh,
  common: commonZh,
  connections: connectionsZh,
  errors: errorsZh,
  fleet: fleetZh,
  health: healthZh,
  incidents: incidentsZh,
  login: loginZh,
  metrics: metricsZh,
  server: serverZh,
  share: shareZh,
  shell: shellZh,
};

export type Messages = typeof en;

export function messagesOf(locale: Locale): Messages {
  return locale === "zh-CN" ? zh : en;
}
