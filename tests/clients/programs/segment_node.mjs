// Sends 1,000 events with @segment/analytics-node: HOST KEY NAME.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, name] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host });
for (let n = 0; n < 1000; n++) {
  analytics.track({ userId: `user-${n % 50}`, event: name, properties: { n } });
}
await analytics.closeAndFlush({ timeout: 120_000 });
