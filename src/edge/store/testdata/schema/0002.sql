-- Rows as version 2 wrote them: one finished task, one in work at a provider, what belongs to them.
INSERT INTO account(number, name, created_ms, status, budget, concurrency, strict_concurrency, networks,
                    models, providers, budget_ms)
VALUES (1, 'default', 1800000000000, 'active', 900, 4, 1, '["10.0.0.0/8"]', '[]', '["previz"]',
        1800000000001);
INSERT INTO task(id, account, family, state, attempt, failures, external_id, due_ms, node, lease_ms,
                 cancel_requested, created_ms, updated_ms, ended_ms, purged_ms, provider, begun, callback)
VALUES (7, 'acc1', 'text2video', 'succeeded', 1, 0, 'mine', 1800000000007, NULL, NULL, 0, 1800000000007,
        1800000005000, 1800000005000, NULL, 'previz', 1, 1),
       (8, 'acc1', 'text2video', 'running', 2, 1, NULL, 1800000000008, 'local', 1800000030000, 0,
        1800000000008, 1800000006000, NULL, NULL, 'vendor', 1, 0);
INSERT INTO task_body VALUES (7, 'kling', 'official', '{"model":"kling-v2-6","prompt":"a fox","negative_prompt":"","storyboard":"single","mode":"std","aspect_ratio":"16:9","duration_s":5,"sound":false,"watermark":false,"watermark_requested":false,"callback_url":"http://a/","external_task_id":"mine","shots":[],"ignored_fields":[]}', '["raccoon: rig"]', '', '', 30, 30);
INSERT INTO task_body VALUES (8, 'kling', 'official', '{"model":"kling-v2-6","prompt":"a dog","negative_prompt":"","storyboard":"single","mode":"std","aspect_ratio":"16:9","duration_s":5,"sound":false,"watermark":false,"watermark_requested":false,"callback_url":"","external_task_id":"","shots":[],"ignored_fields":[]}', '[]', '', '', 30, NULL);
INSERT INTO artifact VALUES (107, 7, 0, 'video', '7-1/video.mp4', 'video/mp4', 1234, 'abcd', 5041);
INSERT INTO idempotency VALUES ('acc1', 'key', 'print', 7);
INSERT INTO event(task, at_ms, name, detail) VALUES (7, 1800000000007, 'submitted', '');
INSERT INTO ledger VALUES (7, 'acc1', 30, 1800000005000, NULL);
INSERT INTO spending VALUES ('acc1', 30);
INSERT INTO attempt VALUES (8, 2, 'bound', 'vendor', 'main', 'pin', 'model', 'handle', 'upstream', '', 'queued',
                            '', NULL, 1800000005900, 1800000006000, NULL, 0, NULL);
INSERT INTO pin VALUES ('pin', 'sealed');
INSERT INTO webhook_secret VALUES (1, 'acc1', 'sealed', 1800000000002, NULL);
INSERT INTO delivery VALUES (1, 207, 7, 'acc1', 'succeed', 1, 'http://a/', 'a:80', '{}', 1800000005000, 'pending',
                             1, 1800000010000, 0, NULL, NULL);
INSERT INTO delivery_try VALUES (207, 1, 1800000005000, 12, 500, '', 'no');
