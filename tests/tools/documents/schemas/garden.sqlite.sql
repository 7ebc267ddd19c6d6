PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "order" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "from" TEXT, "to", "select" BOOLEAN DEFAULT 0 NOT NULL, "group by" REAL DEFAULT 1.5e3);
CREATE TABLE [group]([index] INTEGER PRIMARY KEY ASC, `key` VARCHAR NOT NULL COLLATE NOCASE UNIQUE ON CONFLICT REPLACE, "desc" TEXT CHECK("desc" GLOB '[A-Z]*'), when_ DATETIME DEFAULT (datetime('now')));
CREATE TABLE plant(
  name TEXT PRIMARY KEY NOT NULL,
  latin TEXT GENERATED ALWAYS AS (upper(name)) STORED,
  height NUMERIC CHECK (height BETWEEN 0 AND 3000),
  "group" INTEGER REFERENCES "group" ON DELETE SET DEFAULT DEFAULT 1,
  photo BLOB,
  seen INTEGER DEFAULT (strftime('%s','now')),
  kind TEXT NOT NULL CHECK (kind IN ('tree','herb') OR kind IS NULL)
) WITHOUT ROWID;
CREATE TABLE bed (row INT, col INT, plant TEXT REFERENCES plant(name) DEFERRABLE INITIALLY DEFERRED, soil ANY, PRIMARY KEY (row, col)) STRICT, WITHOUT ROWID;
CREATE TABLE watering (bed_row INT, bed_col INT, at TEXT, litres REAL, FOREIGN KEY (bed_row, bed_col) REFERENCES bed);
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
CREATE UNIQUE INDEX "ct_uniq" ON "django_content_type" ("app_label", "model");
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "garden_note" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "rank" integer unsigned NOT NULL CHECK ("rank" >= 0), "author_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "uid" char(32) NOT NULL UNIQUE, "took" bigint NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(name, latin, content='plant');
CREATE TRIGGER au AFTER UPDATE ON plant WHEN new.name <> old.name BEGIN
  UPDATE bed SET plant = new.name WHERE plant = old.name;
END;
CREATE VIEW tall AS SELECT * FROM plant WHERE height > 100;
INSERT INTO plant VALUES('a;b','x');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('order',12);
COMMIT;
