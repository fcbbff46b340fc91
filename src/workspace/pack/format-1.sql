-- A database as the first format had it, with one run and one setting.
CREATE TABLE schema (version INTEGER NOT NULL) STRICT;
INSERT INTO schema (version) VALUES (1);
CREATE TABLE datasets (
    folder TEXT PRIMARY KEY, config TEXT, name TEXT NOT NULL, fingerprint TEXT NOT NULL, users INTEGER NOT NULL,
    items INTEGER NOT NULL, events INTEGER NOT NULL, opened_secs REAL NOT NULL
) STRICT;
CREATE TABLE runs (
    id TEXT PRIMARY KEY, model_id TEXT NOT NULL, dataset_fingerprint TEXT NOT NULL, dataset_folder TEXT NOT NULL,
    dataset_config TEXT, lane TEXT NOT NULL, settings_json TEXT NOT NULL, seed INTEGER NOT NULL,
    code_version TEXT NOT NULL, created_secs REAL NOT NULL, build_secs REAL NOT NULL, evaluate_secs REAL NOT NULL,
    peak_memory_bytes INTEGER NOT NULL, report_json TEXT NOT NULL, audit_json TEXT NOT NULL, curve_json TEXT NOT NULL,
    arrays TEXT NOT NULL, arrays_digest TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_model ON runs (model_id);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO runs VALUES
    ('old', 'm', 'p', '/d', NULL, 'hot', '{}', 1, '0', 1, 1, 1, 1, '{}', 'null', '[]', 'old.safetensors', 'd');
INSERT INTO settings VALUES ('desk', 'kept');
