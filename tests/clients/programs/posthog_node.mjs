// Sends 1,000 events with posthog-node: HOST KEY NAME.
import { PostHog } from "posthog-node";

const [host, key, name] = process.argv.slice(2);
const client = new PostHog(key, { host });
for (let n = 0; n < 1000; n++) {
  client.capture({ distinctId: `user-${n % 50}`, event: name, properties: { n } });
}
await client.shutdown(120_000);
