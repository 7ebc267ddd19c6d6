create table "Bestellung/Position" (
  "Nr." integer primary key,
  "Straße & Hausnr." varchar(80) not null,
  "% Rabatt" numeric(5,2),
  "2. Mahnung" date,
  "größe" int,
  "grösse" int,
  "日付" date,
  "名前" varchar(20),
  "🙂" boolean,
  "it's" text,
  "a b" text, "a_b" text, "a-b" text, "aB" text,
  "__proto__" text, "prototype" text, "toString" text, "hasOwnProperty" text, "then" text, "class" text, "new" text,
  "nameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAnd" text
);
create table "顧客" ("顧客ID" serial primary key, "氏名" varchar(100) not null unique);
create table "注文" ("注文ID" serial primary key, "顧客ID" int not null references "顧客" ("顧客ID"));
create table "100_things" (id int primary key, "1st" text, "2nd" text);
create table _private (_id int primary key, _value text, __deep__ text);
create table data (id int primary key, data_id int references data, date date, time time, type text, value text, "object" json);
create table "App" (id int primary key, "Module" text);
create table module (id int primary key, app_id int references "App");
create table promise (id int primary key, module_id int references module, "Promise" text);
create table "sys$users" (id int primary key, "login$name" text);
