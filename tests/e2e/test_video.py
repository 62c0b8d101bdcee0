"""From a prompt to a file: what is in the MP4, by every mount, mode and aspect ratio."""
import os
import tempfile
import unittest

from harness import CLASSIC, OFFICIAL, POWERTOKENS, ServerTest, probe

SCALE = 0.1


def even(pixels):
    return int(pixels * SCALE / 2 + 0.5) * 2


class Video(ServerTest):
    def make(self, body, path=POWERTOKENS):
        data = self.server.wait(self.server.create(body, path), path)
        self.assertEqual(data["task_status"], "succeed", data)
        return data

    def fetch(self, url):
        reply = self.server.download(url)
        self.assertEqual(reply.status, 200)
        file = tempfile.NamedTemporaryFile(suffix=".mp4")
        self.addCleanup(file.close)
        file.write(reply.body)
        file.flush()
        return file.name

    def check(self, file, frames, fps, size=None, audio=False):
        info = probe(file)
        video = [s for s in info["streams"] if s["codec_type"] == "video"]
        sound = [s for s in info["streams"] if s["codec_type"] == "audio"]
        self.assertEqual(len(video), 1)
        self.assertEqual(len(sound), 1 if audio else 0)
        stream = video[0]
        self.assertEqual(int(stream["nb_read_frames"]), frames)
        self.assertEqual(stream["r_frame_rate"], f"{fps}/1")
        self.assertEqual(stream["codec_name"], "h264")
        self.assertEqual(stream["pix_fmt"], "yuv420p")
        self.assertEqual(stream["color_space"], "bt709")
        self.assertAlmostEqual(float(stream["duration"]), frames / fps, places=3)
        if size:
            self.assertEqual((stream["width"], stream["height"]), size)
        self.assertIn("procedural previz", info["format"]["tags"]["comment"])
        with open(file, "rb") as content:
            head = content.read()
        self.assertLess(head.index(b"moov"), head.index(b"mdat"), "fast start")

    def test_the_three_mounts_make_a_video(self):
        for path, body, fps in ((OFFICIAL, {"prompt": "A lighthouse at dusk"}, 30),
                                (POWERTOKENS, {"model_name": "kling-v2-1-master", "prompt": "A lake", "duration": "5"}, 24),
                                (CLASSIC, {"model_name": "kling-v1-6", "prompt": "A dog", "duration": "5", "mode": "std"}, 24)):
            with self.subTest(path):
                data = self.make(body, path)
                self.check(self.fetch(data["task_result"]["videos"][0]["url"]), 5 * fps, fps)
                self.assertEqual(data["task_result"]["videos"][0]["duration"], "5")

    def test_sizes_of_every_mode_and_aspect_ratio(self):
        sizes = {("std", "16:9"): (1280, 720), ("std", "9:16"): (720, 1280), ("std", "1:1"): (960, 960),
                 ("pro", "16:9"): (1920, 1080), ("pro", "9:16"): (1080, 1920), ("pro", "1:1"): (1440, 1440),
                 ("4k", "16:9"): (3840, 2160)}
        for (mode, aspect), (width, height) in sizes.items():
            with self.subTest(mode=mode, aspect=aspect):
                data = self.make({"model_name": "kling-v3", "prompt": "A cat", "mode": mode, "aspect_ratio": aspect, "duration": "3"})
                self.check(self.fetch(data["task_result"]["videos"][0]["url"]), 72, 24, (even(width), even(height)))

    def test_sound_watermark_and_storyboard(self):
        data = self.make({
            "model_name": "kling-v3", "multi_shot": True, "shot_type": "customize", "prompt": "", "duration": "6", "sound": "on",
            "multi_prompt": [{"index": 1, "prompt": "A horse galloping on a beach", "duration": "2"},
                             {"index": 2, "prompt": "A fox in a forest", "duration": "3"},
                             {"index": 3, "prompt": "Clouds over a mountain", "duration": "1"}],
            "watermark_info": {"enabled": True}})
        video = data["task_result"]["videos"][0]
        self.assertEqual(data["watermark_info"], {"enabled": True})
        plain, marked = self.fetch(video["url"]), self.fetch(video["watermark_url"])
        self.check(plain, 144, 24, audio=True)
        self.check(marked, 144, 24, audio=True)
        with open(plain, "rb") as a, open(marked, "rb") as b:
            self.assertNotEqual(a.read(), b.read())

    def test_the_poster_is_a_picture(self):
        task_id = self.server.create({"prompt": "A white raccoon in a forest", "duration": "3"})
        self.server.wait(task_id)
        poster = self.server.request("GET", f"/rushes/v1/tasks/{task_id}").json["poster_url"]
        reply = self.server.download(poster)
        self.assertEqual(reply.headers["Content-Type"], "image/jpeg")
        self.assertEqual(reply.body[:2], b"\xff\xd8")

    def test_files_have_ranges_etags_and_need_their_signature(self):
        data = self.make({"prompt": "A meadow", "duration": "3"})
        url = data["task_result"]["videos"][0]["url"]
        path = url[url.index("/files/"):]
        whole = self.server.request("GET", path, key=None)
        self.assertEqual(whole.headers["Content-Type"], "video/mp4")
        part = self.server.request("GET", path, key=None, headers={"Range": "bytes=100-199"})
        self.assertEqual((part.status, part.body), (206, whole.body[100:200]))
        self.assertEqual(part.headers["Content-Range"], f"bytes 100-199/{len(whole.body)}")
        tail = self.server.request("GET", path, key=None, headers={"Range": "bytes=-7"})
        self.assertEqual(tail.body, whole.body[-7:])
        beyond = self.server.request("GET", path, key=None, headers={"Range": f"bytes={len(whole.body)}-"})
        self.assertEqual(beyond.status, 416)
        head = self.server.request("HEAD", path, key=None)
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(whole.body))))
        same = self.server.request("GET", path, key=None, headers={"If-None-Match": whole.headers["ETag"]})
        self.assertEqual(same.status, 304)
        forged = self.server.request("GET", path.replace("signature=", "signature=A"), key=None)
        self.assertEqual(forged.status, 403)
        self.assertNotIn(os.path.basename(self.server.data), forged.body.decode())


if __name__ == "__main__":
    unittest.main()
