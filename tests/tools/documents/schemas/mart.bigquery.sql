CREATE OR REPLACE TABLE `proj.mart.orders` (
  order_id INT64 NOT NULL OPTIONS(description="the key"),
  customer STRUCT<id INT64, name STRING>,
  items ARRAY<STRUCT<sku STRING, qty INT64>>,
  total NUMERIC(10,2),
  huge BIGNUMERIC,
  placed TIMESTAMP DEFAULT CURRENT_TIMESTAMP(),
  note STRING(200),
  PRIMARY KEY (order_id) NOT ENFORCED
)
PARTITION BY DATE(placed)
CLUSTER BY order_id
OPTIONS(expiration_timestamp=NULL, labels=[("a","b")]);
CREATE TABLE mart.refunds (id INT64, order_id INT64 REFERENCES `proj.mart.orders`(order_id) NOT ENFORCED, amount FLOAT64, raw BYTES, where_at GEOGRAPHY, PRIMARY KEY (id) NOT ENFORCED);
