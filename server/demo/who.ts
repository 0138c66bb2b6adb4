/** What a client tells of itself, and the loopback address it comes from where the platform has more than one. */
export interface Who {
  userAgent: string;
  localAddress?: string;
}

/** Users of one network mostly use one program. Only Linux answers on all of 127.0.0.0/8. */
const mostCommon = { userAgent: "MobileApp/9.4 (Android 16)", network: 10, share: 0.38 };
const crowds = [
  mostCommon,
  { userAgent: "MobileApp/9.4 (iOS 26)", network: 20, share: 0.24 },
  { userAgent: "dash-kiosk/1.8 node", network: 42, share: 0.2 },
  { userAgent: "partner-feed/2.1 python", network: 77, share: 0.12 },
  { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/152.0", network: 101, share: 0.06 },
];

export function chooseWho(random: () => number, platform: NodeJS.Platform = process.platform): Who {
  let left = random();
  const crowd =
    crowds.find(({ share }) => {
      left -= share;
      return left < 0;
    }) ?? mostCommon;
  if (platform !== "linux") return { userAgent: crowd.userAgent };
  const host = 1 + Math.floor(random() * 40);
  return { userAgent: crowd.userAgent, localAddress: `127.0.${crowd.network}.${host}` };
}
