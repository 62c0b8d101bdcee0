-- Rows as version 1 wrote them: one finished task, one that was being rendered.
INSERT INTO account VALUES (1, 'default', 1800000000000);
INSERT INTO task VALUES (7, 'acc1', 'text2video', 'succeeded', 1, 0, 'mine', 1800000000007, NULL,
                         NULL, 0, 1800000000007, 1800000005000, 1800000005000, NULL);
INSERT INTO task VALUES (8, 'acc1', 'text2video', 'rendering', 2, 1, NULL, 1800000000008, 'local',
                         1800000030000, 0, 1800000000008, 1800000006000, NULL, NULL);
INSERT INTO task_body VALUES (7, 'kling', 'official', '{"model":"kling-v2-6","prompt":"a fox","negative_prompt":"","storyboard":"single","mode":"std","aspect_ratio":"16:9","duration_s":5,"sound":false,"watermark":false,"watermark_requested":false,"callback_url":"","external_task_id":"mine","shots":[],"ignored_fields":[]}', '["raccoon: rig"]', '', '', 30, 30);
INSERT INTO task_body VALUES (8, 'kling', 'official', '{"model":"kling-v2-6","prompt":"a dog","negative_prompt":"","storyboard":"single","mode":"std","aspect_ratio":"16:9","duration_s":5,"sound":false,"watermark":false,"watermark_requested":false,"callback_url":"","external_task_id":"","shots":[],"ignored_fields":[]}', '[]', '', '', 30, NULL);
INSERT INTO artifact VALUES (107, 7, 0, 'video', '7-1/video.mp4', 'video/mp4', 1234, 'abcd', 5041);
INSERT INTO idempotency VALUES ('acc1', 'key', 'print', 7);
INSERT INTO event(task, at_ms, name, detail) VALUES (7, 1800000000007, 'submitted', '');
INSERT INTO ledger VALUES (7, 'acc1', 30, 1800000005000);
