// The client of aiml_sample.py for Node: aiml_sample.cjs BASE_URL PATH KEY INTERVAL_SECONDS < body.json
const http = require("node:http");
const { readFileSync } = require("node:fs");

const [baseUrl, path, key, interval] = process.argv.slice(2);

function call(method, url, body, done) {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  if (body) headers["Content-Length"] = Buffer.byteLength(body);
  const request = http.request(url, { method, headers }, (response) => {
    let text = "";
    response.on("data", (chunk) => (text += chunk));
    response.on("end", () => done(response.statusCode, text));
  });
  if (body) request.write(body);
  request.end();
}

call("POST", new URL(baseUrl + path), readFileSync(0, "utf8"), (status, text) => {
  if (status >= 400) {
    console.log(`Error: ${status} - ${text}`);
    process.exitCode = 1;
    return;
  }
  const { id } = JSON.parse(text);
  console.log("Generation ID:", id);
  const check = () => {
    const url = new URL(baseUrl + path);
    url.searchParams.append("generation_id", id);
    call("GET", url, null, (_, reply) => {
      const generation = JSON.parse(reply);
      if (["queued", "generating"].includes(generation.status)) {
        console.log(`Status: ${generation.status}. Checking again in ${interval} seconds.`);
        setTimeout(check, interval * 1000);
      } else {
        console.log("Processing complete:");
        console.log(reply);
      }
    });
  };
  check();
});
