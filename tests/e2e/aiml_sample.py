"""A client as the vendor's pages teach it: create, then ask again until the word is no longer one of waiting.

aiml_sample.py BASE_URL PATH KEY INTERVAL_SECONDS < body.json; prints what it sees, the last line is the generation.
"""
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

base_url, path, key, interval = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
TIMEOUT = 1000


def call(request):
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def generate_video(data):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    status, text = call(urllib.request.Request(base_url + path, json.dumps(data).encode(), headers, method="POST"))
    if status >= 400:
        print(f"Error: {status} - {text.decode()}")
        return None
    return json.loads(text)


def get_video(generation_id):
    query = urllib.parse.urlencode({"generation_id": generation_id})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return json.loads(call(urllib.request.Request(f"{base_url}{path}?{query}", headers=headers))[1])


def main():
    created = generate_video(json.load(sys.stdin))
    if not created:
        return 1
    generation_id = created.get("id")
    print("Generation ID:", generation_id)
    start = time.time()
    while time.time() - start < TIMEOUT:
        generation = get_video(generation_id)
        if generation.get("status") in ("queued", "generating"):
            print(f"Status: {generation['status']}. Checking again in {interval} seconds.")
            time.sleep(interval)
        else:
            print("Processing complete:")
            print(json.dumps(generation))
            return 0
    print("Timeout reached. Stopping.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
