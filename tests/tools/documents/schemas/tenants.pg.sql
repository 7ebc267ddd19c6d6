-- several schemas, composite keys with a tenant, odd names, cycles, references to auth.users
create schema core; create schema "Sales Dept";
create table core.tenant (id uuid primary key default gen_random_uuid(), slug varchar(30) not null unique, "plan" text check (plan in ('free','pro')));
create table core.account (tenant_id uuid not null references core.tenant(id) on delete cascade, id bigint generated always as identity, email citext not null, user_id uuid references auth.users(id), primary key (tenant_id, id), unique (tenant_id, email));
create table "Sales Dept"."Order Line" ("Tenant" uuid not null, "Order#" int not null, "Line-No" int not null, account_id bigint not null, "Größe (cm)" numeric(6,1), "数量" int not null, "select" text, primary key ("Tenant", "Order#", "Line-No"), foreign key ("Tenant", account_id) references core.account (tenant_id, id));
create table core."order" (id serial primary key, "Id" int, ID2 int, total money);
create table sales.order (id serial primary key, total money);
create table role (id serial primary key, name text not null unique);
create table user_role (user_id uuid not null references auth.users, role_id int not null references role, primary key (user_id, role_id));
create table invitation (code text primary key, email text);
create table a (id int primary key, b_id int not null unique references b(id), next int not null references a(id));
create table b (id int primary key, a_id int not null references a(id) deferrable initially deferred);
create table "constructor" (id int primary key, "__proto__" text, "toString" text, "hasOwnProperty" int);
create table "2fa codes" (id uuid primary key, "1st" text);
create table product (id int primary key); create table product_create (id int primary key); create table products (id int primary key);
create table user_list (id int primary key); create table me (id int primary key); create table auth (id int primary key);
create table a_table_with_a_name_that_is_really_far_too_long_for_anybody_to_like (id int primary key, a_column_with_a_name_that_is_really_too_long_for_anybody_to_like text, state_of_a_column_with_a_name_that_is_long varchar(5) check (state_of_a_column_with_a_name_that_is_long in ('a','b')));
create table measurements (sensor int not null, taken timestamptz not null, value double precision);
create table natural_pk (code char(2) primary key); create table uses_natural (id int primary key, country_code char(2) not null references natural_pk(code), other varchar(3) references core.tenant(slug));
