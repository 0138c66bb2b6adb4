/** One simulated topic: how often it speaks and what it says next. */
export interface SimulatedTopic {
  name: string;
  periodMs: number;
  next(random: () => number): unknown;
}

const coins = "BTC ETH SOL XRP ADA DOGE AVAX DOT LINK LTC BCH ATOM UNI XLM NEAR ALGO FIL ICP HBAR VET".split(
  " ",
);
const currencies = ["USD", "EUR", "GBP", "JPY"];
const plants = ["berlin", "lyon", "turin", "porto", "gdansk", "malmo", "leeds", "ghent"];
const quantities = [
  { name: "temperature", unit: "C", middle: 21, spread: 6 },
  { name: "humidity", unit: "%", middle: 45, spread: 15 },
  { name: "pressure", unit: "hPa", middle: 1_013, spread: 12 },
  { name: "vibration", unit: "mm/s", middle: 2.4, spread: 1.2 },
  { name: "power", unit: "kW", middle: 180, spread: 60 },
  { name: "flow", unit: "l/min", middle: 75, spread: 20 },
  { name: "co2", unit: "ppm", middle: 620, spread: 180 },
  { name: "noise", unit: "dB", middle: 62, spread: 9 },
];
const feeds = {
  orders: ["placed", "paid", "packed", "cancelled"],
  shipments: ["collected", "in_transit", "delivered", "returned"],
  payments: ["authorised", "captured", "refunded", "declined"],
  logins: ["succeeded", "failed", "locked"],
  deployments: ["started", "finished", "rolled_back"],
  alerts: ["raised", "acknowledged", "cleared"],
};
const regions = ["eu-west", "eu-north", "us-east"];

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function price(start: number, periodMs: number, name: string): SimulatedTopic {
  let last = start;
  return {
    name,
    periodMs,
    next(random) {
      // Drawn back to where it began, so that weeks of running don't end at zero or in the sky.
      last += last * (random() - 0.5) * 0.002 + (start - last) * 0.001;
      const spread = last * 0.0004;
      return {
        price: round(last, 4),
        bid: round(last - spread, 4),
        ask: round(last + spread, 4),
        volume: round(random() * 40, 3),
      };
    },
  };
}

/** Prices of coins in four currencies and the trades of the first currency's: 100 topics. */
export function priceTopics(random: () => number): SimulatedTopic[] {
  const topics: SimulatedTopic[] = [];
  for (const [rank, coin] of coins.entries()) {
    const start = 60_000 / (rank + 1) ** 2;
    for (const [order, currency] of currencies.entries()) {
      const periodMs = 250 * (1 + rank * 0.5) * (1 + order);
      topics.push(price(start * (1 + order * 0.3), periodMs, `ticker.${coin}-${currency}`));
    }
    topics.push({
      name: `trades.${coin}-USD`,
      periodMs: 400 * (1 + rank * 0.5) * (0.8 + random() * 0.4),
      next: (draw) => ({
        side: draw() < 0.5 ? "buy" : "sell",
        price: round(start * (0.99 + draw() * 0.02), 4),
        amount: round(draw() * 3, 4),
      }),
    });
  }
  return topics;
}

/** Eight quantities of eight plants and a state a plant: 72 topics. */
export function sensorTopics(random: () => number): SimulatedTopic[] {
  return plants.flatMap((plant) => [
    ...quantities.map((quantity) => {
      let last = quantity.middle + (random() - 0.5) * quantity.spread;
      return {
        name: `sensor.${plant}.${quantity.name}`,
        periodMs: 1_000 + Math.floor(random() * 4_000),
        next(draw: () => number) {
          last += (draw() - 0.5) * quantity.spread * 0.1 + (quantity.middle - last) * 0.02;
          return { value: round(last, 2), unit: quantity.unit };
        },
      };
    }),
    {
      name: `sensor.${plant}.state`,
      periodMs: 10_000,
      next: (draw: () => number) => ({ state: draw() < 0.97 ? "running" : "paused" }),
    },
  ]);
}

/** Feeds of events, one for all and one a region: 24 topics. */
export function eventTopics(random: () => number): SimulatedTopic[] {
  return Object.entries(feeds).flatMap(([feed, kinds]) =>
    [null, ...regions].map((region) => {
      let number = 0;
      return {
        name: region === null ? `events.${feed}` : `events.${feed}.${region}`,
        periodMs: (region === null ? 800 : 2_400) + Math.floor(random() * 1_000),
        next(draw: () => number) {
          number++;
          return {
            number,
            kind: kinds[Math.floor(draw() * kinds.length)],
            region: region ?? regions[Math.floor(draw() * regions.length)],
          };
        },
      };
    }),
  );
}
