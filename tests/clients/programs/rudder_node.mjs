// Sends 1,000 events with @rudderstack/rudder-sdk-node: HOST KEY NAME.
import module from "@rudderstack/rudder-sdk-node";

const [host, writeKey, name] = process.argv.slice(2);
const RudderAnalytics = module.default ?? module;
const client = new RudderAnalytics(writeKey, { dataPlaneUrl: host });
for (let n = 0; n < 1000; n++) {
  client.track({ userId: `user-${n % 50}`, event: name, properties: { n } });
}
await client.flush();
