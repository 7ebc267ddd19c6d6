CREATE TABLE categories (category_id smallint NOT NULL PRIMARY KEY, category_name character varying(15) NOT NULL, picture bytea);
CREATE TABLE customers (customer_id character varying(5) NOT NULL, company_name character varying(40) NOT NULL, PRIMARY KEY (customer_id));
CREATE TABLE customer_demographics (customer_type_id varchar(5) NOT NULL PRIMARY KEY, customer_desc text);
CREATE TABLE customer_customer_demo (customer_id varchar(5) NOT NULL REFERENCES customers, customer_type_id varchar(5) NOT NULL REFERENCES customer_demographics, PRIMARY KEY (customer_id, customer_type_id));
CREATE TABLE region (region_id smallint NOT NULL PRIMARY KEY, region_description varchar(60) NOT NULL);
CREATE TABLE territories (territory_id varchar(20) NOT NULL PRIMARY KEY, region_id smallint NOT NULL REFERENCES region);
CREATE TABLE employees (employee_id smallint NOT NULL PRIMARY KEY, last_name varchar(20) NOT NULL, birth_date date, reports_to smallint REFERENCES employees);
CREATE TABLE employee_territories (employee_id smallint NOT NULL REFERENCES employees, territory_id varchar(20) NOT NULL REFERENCES territories, PRIMARY KEY (employee_id, territory_id));
CREATE TABLE shippers (shipper_id smallint NOT NULL PRIMARY KEY, phone varchar(24));
CREATE TABLE orders (order_id smallint NOT NULL PRIMARY KEY, customer_id varchar(5) REFERENCES customers, employee_id smallint REFERENCES employees, order_date date, ship_via smallint REFERENCES shippers, freight real);
CREATE TABLE products (product_id smallint NOT NULL PRIMARY KEY, product_name varchar(40) NOT NULL, category_id smallint REFERENCES categories, unit_price real, discontinued integer NOT NULL);
CREATE TABLE order_details (order_id smallint NOT NULL REFERENCES orders, product_id smallint NOT NULL REFERENCES products, unit_price real NOT NULL, quantity smallint NOT NULL, PRIMARY KEY (order_id, product_id));
CREATE TABLE us_states (state_id smallint NOT NULL PRIMARY KEY, state_abbr varchar(2))
