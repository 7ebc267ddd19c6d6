-- Redshift, Snowflake and CockroachDB in one folder
CREATE TABLE IF NOT EXISTS lake.events (
  event_id BIGINT IDENTITY(0,1) ENCODE az64 DISTKEY,
  kind VARCHAR(40) ENCODE lzo,
  payload SUPER,
  at TIMESTAMPTZ SORTKEY,
  PRIMARY KEY (event_id)
) DISTSTYLE KEY COMPOUND SORTKEY (at, kind);
create or replace TRANSIENT TABLE LAKE.ACCOUNTS cluster by (REGION) (
	ACCOUNT_ID NUMBER(38,0) NOT NULL autoincrement start 1 increment 1 noorder,
	REGION VARCHAR(16777216) COMMENT 'where',
	ATTRS VARIANT,
	LOADED TIMESTAMP_NTZ(9) DEFAULT CURRENT_TIMESTAMP(),
	SCORE FLOAT,
	LOGO BINARY(8388608),
	OPEN_AT TIMESTAMP_LTZ(9),
	AREA GEOGRAPHY,
	primary key (ACCOUNT_ID)
)COMMENT='all of them' DATA_RETENTION_TIME_IN_DAYS = 1;
CREATE TABLE rides (
	id UUID NOT NULL DEFAULT gen_random_uuid(),
	city VARCHAR NOT NULL,
	rider STRING(30) NULL,
	fare DECIMAL(10,2) NULL,
	n INT8 NOT NULL DEFAULT unique_rowid(),
	tags STRING[] NULL,
	CONSTRAINT rides_pkey PRIMARY KEY (city ASC, id ASC),
	INDEX by_rider (rider) STORING (fare),
	INVERTED INDEX inv (tags),
	UNIQUE INDEX un (n),
	FAMILY "primary" (id, city, rider, fare),
	CONSTRAINT fk_acc FOREIGN KEY (n) REFERENCES lake.accounts (account_id)
) LOCALITY REGIONAL BY ROW;
