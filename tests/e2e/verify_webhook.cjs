// Verifies callbacks as a receiver does that uses the npm package `standardwebhooks`: one JSON line on
// standard input for each, {"secret","headers","body"}; answers "ok" or the reason, a line each.
const { Webhook } = require("standardwebhooks");

const lines = require("node:fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const line of lines) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers);
    console.log("ok");
  } catch (error) {
    console.log(error.message);
  }
}
