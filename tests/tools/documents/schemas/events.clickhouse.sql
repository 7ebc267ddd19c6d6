CREATE TABLE IF NOT EXISTS web.hits ON CLUSTER main
(
    `event_id` UUID DEFAULT generateUUIDv4(),
    `at` DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    `day` Date MATERIALIZED toDate(at),
    `url` LowCardinality(Nullable(String)),
    `kind` Enum8('view' = 1, 'click' = 2),
    `price` Decimal(18, 4),
    `n` UInt32 DEFAULT 0,
    `tags` Array(String),
    `props` Map(String, String),
    `ip` IPv4,
    `site_id` UInt64,
    INDEX idx_url url TYPE bloom_filter GRANULARITY 4,
    PROJECTION p (SELECT * ORDER BY site_id)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site_id, at)
TTL day + INTERVAL 90 DAY
SETTINGS index_granularity = 8192;
CREATE TABLE web.sites (id UInt64, name String, PRIMARY KEY id) ENGINE = ReplacingMergeTree ORDER BY id;
