PRAGMA foreign_keys=ON;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "users" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "email" TEXT NOT NULL UNIQUE COLLATE NOCASE,
  "password_digest" TEXT NOT NULL,
  "display name" VARCHAR(80),
  "role" TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin')),
  "manager_id" INTEGER REFERENCES users(id) ON DELETE SET NULL,
  "reset_token" TEXT,
  "created_at" DATETIME DEFAULT (datetime('now'))
);
CREATE TABLE [projects] (
  id INTEGER PRIMARY KEY,
  name, 
  budget REAL DEFAULT 0.0,
  owner_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  data BLOB,
  open BOOLEAN NOT NULL DEFAULT 1,
  UNIQUE (owner_id, name) ON CONFLICT REPLACE
);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
  PRIMARY KEY (project_id, user_id),
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE task (
  uid TEXT PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES projects(id),
  parent TEXT REFERENCES task(uid),
  priority INTEGER CHECK (priority BETWEEN 1 AND 5),
  assignee_id INTEGER REFERENCES users(id),
  reviewer_id INTEGER REFERENCES users(id),
  constructor TEXT, "class" TEXT, version INTEGER DEFAULT 1
) STRICT;
CREATE TRIGGER t AFTER UPDATE ON task BEGIN
  UPDATE task SET version = version + 1 WHERE uid = NEW.uid;
  SELECT CASE WHEN 1 THEN 2 END;
END;
CREATE INDEX i ON task(priority) WHERE priority > 2;
CREATE VIRTUAL TABLE search USING fts5(title, body);
INSERT INTO users VALUES(1,'a''b;c');
COMMIT;
