/**
 * The three services of the demo with the clients that visit each. `subscribers` come and go, `idle` connect
 * and never ask for anything, `slow` read next to nothing. The last one has a troubled life: more clients want
 * in than it admits, and idle ones hold the places.
 */
export const demoFleet = [
  {
    id: "ws-eu-1",
    labels: { region: "eu-west", tier: "1" },
    env: { WEBSOCKET_SOURCES_SIMULATED_SEED: "11" },
    clients: { subscribers: 120, idle: 2, slow: 0 },
  },
  {
    id: "ws-us-1",
    labels: { region: "us-east", tier: "1" },
    env: { WEBSOCKET_SOURCES_SIMULATED_SEED: "12", WEBSOCKET_SOURCES_SIMULATED_RATE: "150" },
    clients: { subscribers: 90, idle: 2, slow: 1 },
  },
  {
    id: "ws-ap-1",
    labels: { region: "ap-northeast", tier: "2" },
    env: { WEBSOCKET_SOURCES_SIMULATED_SEED: "13", MAX_CONNECTIONS: "60" },
    clients: { subscribers: 42, idle: 16, slow: 1 },
  },
];
